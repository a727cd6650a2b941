import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { tagsOf } from "../../models/selection.js";
import { editMany } from "../../state/campaign/bulk_editing.js";
import { useApp } from "../../state/app.js";
import { Dialog } from "../dialog.js";
import { useOwnId } from "../use_own_id.js";
import { useChoices } from "./choices.js";
import { FieldEditor } from "./field_editor.js";
import { TagPicker } from "./tag_picker.js";
import { bulkEdit as t } from "../../words/en/bulk_edit.js";
import { controls } from "../../words/en/controls.js";

/**
 * Tags to add to these things, tags to take from them, and who may know of them.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 *
 * @param {{ kind: Kind, campaignId: string, things: any[], onClose: () => void, onDone: () => void }} props
 */
export function BulkEditForm({ kind, campaignId, things, onClose, onDone }) {
  const app = useApp();
  const id = useOwnId();
  const choices = useChoices(campaignId, kind);
  const [added, setAdded] = useState(/** @type {string[]} */ ([]));
  const [removed, setRemoved] = useState(/** @type {string[]} */ ([]));
  const [audience, setAudience] = useState("");
  const [knownTo, setKnownTo] = useState(/** @type {any[]} */ ([]));
  const [isSaving, setSaving] = useState(false);
  const fieldOf = (/** @type {string} */ name) => kind.fields.find((each) => each.name === name);
  const [audiences, names] = [fieldOf("audience"), fieldOf("known_to")];
  const isNamed = audience === "some" && names !== undefined;
  const isNothing = added.length === 0 && removed.length === 0 && audience === "";
  const tags = tagsOf(things);

  const apply = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (isNothing) return;
    setSaving(true);
    const change = {
      add_tags: added,
      remove_tags: removed.filter((tag) => !added.includes(tag)),
      ...(audience && { audience }),
      ...(isNamed && { known_to: knownTo }),
    };
    const picked = things.map((each) => ({ kind: kind.name, id: each.id }));
    const isDone = await editMany(app, campaignId, picked, change);
    setSaving(false);
    if (!isDone) return;
    onDone();
    onClose();
  };
  return html`<${Dialog} title=${t.title(things.length)} onClose=${onClose}>
    <form class="entity-form" onSubmit=${apply}>
      <${TagPicker} campaignId=${campaignId} value=${added} onChange=${setAdded} />
      ${
        tags.length > 0 &&
        html`<fieldset class="field-group"><legend>${t.removeTags}</legend>
        <div class="ticks">${tags.map(
          ([
            tag,
            count,
          ]) => html`<label class="check check--small" key=${tag}><input type="checkbox" checked=${removed.includes(tag)}
            onChange=${() => setRemoved(removed.includes(tag) ? removed.filter((each) => each !== tag) : [...removed, tag])} /> ${t.withCount(tag, count)}</label>`,
        )}</div></fieldset>`
      }
      ${
        audiences &&
        html`<div class="field-group"><label for=${id}>${audiences.label}</label>
        <select id=${id} class="field" onChange=${(/** @type {any} */ event) => setAudience(event.currentTarget.value)}>
          <option value="" selected=${audience === ""}>${t.asItIs}</option>
          ${audiences.options?.map(([value, words]) => html`<option key=${value} value=${value} selected=${value === audience}>${words}</option>`)}
        </select></div>`
      }
      ${isNamed && html`<${FieldEditor} field=${names} value=${knownTo} onChange=${setKnownTo} choices=${choices} />`}
      <div class="button-row button-row--end">
        <button type="button" class="button" onClick=${onClose}>${controls.cancel}</button>
        <button type="submit" class="button button--accent" disabled=${isSaving || isNothing}>${isSaving ? controls.saving : t.apply}</button>
      </div>
    </form>
  </${Dialog}>`;
}
