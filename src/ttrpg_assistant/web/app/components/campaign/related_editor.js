import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf, withCommand } from "../../keys.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { useOwnId } from "../use_own_id.js";
import { IconButton } from "../icon.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * The things of the campaign that something is about, or those who know it: `withGroups` also groups by name.
 *
 * @typedef {{ kind: string, id: string, group?: string }} Related
 *
 * @param {{ value: Related[], onChange: (value: any) => void, things: [string, string, string][], offers: string[],
 *   withGroups?: boolean }} props `things`: kind, id and name; `offers`: the kinds to choose from
 */
export function RelatedEditor({ value, onChange, things, offers, withGroups }) {
  const chosen = new Set(value.map((each) => each.id));
  const names = new Map(things.map(([, id, name]) => [id, name]));
  const called = (/** @type {Related} */ { id, group }) => group || (names.get(id) ?? t.deleted);
  const add = (/** @type {any} */ event) => {
    const found = things.find(([, id]) => id === event.currentTarget.value);
    event.currentTarget.value = "";
    if (found) onChange([...value, { kind: found[0], id: found[1], ...(withGroups && { group: "" }) }]);
  };
  const offered = offers.filter((kind) => things.some(([its]) => its === kind)).map((kind) => KINDS[kind]);
  const kinds = offered.length > 0 ? offered : offers.map((kind) => KINDS[kind]);
  const words = t.addOne(kinds.map(({ one }) => one).reduce(t.orOne));
  return html`<div class="rows">
    <ul class="value-chips">
      ${value.map(
        (each, at) => html`<li class="chip chip--open" key=${each.id || each.group}>${called(each)}
          <${IconButton} icon="x" label=${t.remove(called(each))}
            onClick=${() => onChange(value.filter((_, index) => index !== at))} /></li>`,
      )}
    </ul>
    <select class="field" aria-label=${words} onChange=${add}>
      <option value="" selected>${t.choiceOf(words)}</option>
      ${offered.map(
        ({ name: kind, titles }) => html`<optgroup label=${titles}>
          ${things.filter(([its, id]) => its === kind && !chosen.has(id)).map(([, id, name]) => html`<option value=${id}>${name}</option>`)}
        </optgroup>`,
      )}
    </select>
    ${withGroups && html`<${NewGroup} onAdd=${(/** @type {string} */ group) => value.some((each) => each.group === group) || onChange([...value, { kind: "group", id: "", group }])} />`}
  </div>`;
}

/** @param {{ onAdd: (group: string) => void }} props */
function NewGroup({ onAdd }) {
  const id = useOwnId();
  const [name, setName] = useState("");
  const add = () => {
    if (name.trim() !== "") onAdd(name.trim());
    setName("");
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) !== "Enter" || withCommand(event)) return;
    event.preventDefault();
    add();
  };
  return html`<label class="sr-only" for=${id}>${t.groupWhoKnows}</label>
    <div class="field-row"><input id=${id} class="field" type="text" maxlength="200" placeholder=${t.groupWhoKnows} value=${name}
      onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} onKeyDown=${key} />
      <button type="button" class="button button--small" disabled=${name.trim() === ""} onClick=${add}>${controls.add}</button></div>`;
}
