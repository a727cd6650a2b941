import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { NOTHING, allOrNone, reachedTo, selectedOf, toggled } from "../../models/selection.js";
import { keyOf, withCommand } from "../../keys.js";
import { nameOf } from "../../state/campaign/campaign_kinds.js";
import { Icon } from "../icon.js";
import { BulkEditForm } from "./bulk_edit_form.js";
import { bulkEdit as t } from "../../words/en/bulk_edit.js";
import { controls } from "../../words/en/controls.js";

/**
 * Selecting several things of a list, to edit them at once.
 *
 * @typedef {import("../../models/selection.js").Selection} Selection
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 *
 * @param {{ kind: Kind, campaignId: string, items: any[], selection: Selection,
 *   onChange: (selection: Selection) => void, onClose: () => void }} props
 */
export function BulkBar({ kind, campaignId, items, selection, onChange, onClose }) {
  const [editing, setEditing] = useState(false);
  const first = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => first.current?.focus(), []);
  const shown = items.map(({ id }) => id);
  const chosen = selectedOf(selection, items);
  const all = chosen.length === items.length && items.length > 0;
  return html`<div class="bulk" role="group" aria-label=${t.select}>
    <label class="check check--small"><input type="checkbox" checked=${all} ref=${first}
      onChange=${() => onChange(allOrNone(selection, shown))} /> ${t.all(items.length)}</label>
    <span class="bulk__count" role="status">${t.selected(chosen.length)}</span>
    <button type="button" class="button button--accent" disabled=${chosen.length === 0} onClick=${() => setEditing(true)}><${Icon} name="pencil" /> ${t.edit}</button>
    <button type="button" class="button" onClick=${onClose}>${controls.done}</button>
    <p class="bulk__hint quiet">${t.howTo}</p>
    ${
      editing &&
      html`<${BulkEditForm} kind=${kind} campaignId=${campaignId} things=${chosen} onClose=${() => setEditing(false)}
        onDone=${() => onChange(NOTHING)} />`
    }
  </div>`;
}

/**
 * The box on a card that selects it, by pointer or by keys.
 * @param {{ kind: Kind, entity: any, shown: string[], selection: Selection, onChange: (selection: Selection) => void }} props
 */
export function SelectBox({ kind, entity, shown, selection, onChange }) {
  const press = (/** @type {MouseEvent} */ event) => {
    if (event.shiftKey) onChange(reachedTo(selection, shown, entity.id));
    else onChange(toggled(selection, entity.id));
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const pressed = keyOf(event);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[pressed];
    if (pressed === "a" && withCommand(event)) onChange(allOrNone({ ids: new Set(), anchor: null }, shown));
    else if (step) {
      const next = shown[shown.indexOf(entity.id) + step];
      if (!next) return event.preventDefault();
      const from = event.shiftKey ? reachedTo(selection, shown, entity.id) : selection;
      if (event.shiftKey) onChange(reachedTo(from, shown, next));
      boxOf(event.currentTarget, next)?.focus();
    } else return;
    event.preventDefault();
  };
  return html`<label class="card__select"><input type="checkbox" checked=${selection.ids.has(entity.id)} data-selects=${entity.id}
    aria-label=${t.selectOne(nameOf(kind, entity))} onClick=${press} onKeyDown=${key} /></label>`;
}

/** @param {any} box @param {string} id @returns {HTMLElement | null} */
function boxOf(box, id) {
  return box.closest(".cards").querySelector(`[data-selects="${id}"]`);
}
