import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { AS_USUAL, acceptVoice, removeVoice, useVoices } from "../../state/talk/voices.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon, IconButton } from "../icon.js";
import { VoiceForm } from "./voice_form.js";
import { voices as t } from "../../words/en/voices.js";

/**
 * The voices of the assistant: to choose one, to edit and to add.
 *
 * @typedef {import("../../state/talk/voices.js").Voice} Voice
 *
 * @param {{ chosen?: string | null, onChoose?: (id: string) => void, onClose: () => void }} props without `onChoose`
 *   the voices are only edited
 */
export function VoicesDialog({ chosen = null, onChoose, onClose }) {
  const [editing, setEditing] = useState(/** @type {Voice | "new" | null} */ (null));
  if (editing) {
    const voice = editing === "new" ? null : editing;
    const back = () => setEditing(null);
    return html`<${Dialog} key="form" title=${voice ? t.one(voice.name) : t.newVoice} kind="sheet" onClose=${back}>
      <${VoiceForm} voice=${voice} onDone=${back} /></${Dialog}>`;
  }
  return html`<${Dialog} key="list" title=${onChoose ? t.ofThread : t.voices} kind="sheet" onClose=${onClose}>
    <${VoiceList} chosen=${chosen} onChoose=${onChoose} onEdit=${setEditing} /></${Dialog}>`;
}

/** @param {{ chosen: string | null, onChoose?: (id: string) => void, onEdit: (voice: Voice | "new") => void }} props */
export function VoiceList({ chosen, onChoose, onEdit }) {
  const { voices, fault } = useVoices();
  if (fault && !voices) return html`<p role="alert">${fault.detail} ${fault.cure ?? ""}</p>`;
  // A voice that was deleted leaves its threads as usual.
  const now = voices?.some(({ id }) => id === chosen) ? chosen : null;
  return html`<div class="voices">
    ${onChoose && html`<p class="quiet">${t.inThisThread}</p>`}
    <ul class="voices__list" aria-label=${t.voices}>
      ${onChoose && html`<li class="voice"><${Choice} name=${AS_USUAL.name} words=${AS_USUAL.words} on=${now === null} onChoose=${() => onChoose("")} /></li>`}
      ${voices?.map(
        (voice) => html`<li class="voice" key=${voice.id} data-voice-id=${voice.id}>
        ${
          onChoose
            ? html`<${Choice} name=${voice.name} words=${voice.words} on=${now === voice.id} onChoose=${() => onChoose(voice.id)} />`
            : html`<div class="voice__said"><${Said} name=${voice.name} words=${voice.words} /></div>`
        }
        <${Actions} voice=${voice} onEdit=${() => onEdit(voice)} />
        ${voice.is_waiting && html`<${Waiting} voice=${voice} />`}</li>`,
      )}
    </ul>
    <button type="button" class="button" onClick=${() => onEdit("new")}><${Icon} name="plus" /> ${t.newVoice}</button>
  </div>`;
}

/** @param {{ name: string, words: string, on: boolean, onChoose: () => void }} props */
function Choice({ name, words, on, onChoose }) {
  return html`<button type="button" class="voice__said voice__choice" aria-pressed=${on ? "true" : "false"} onClick=${onChoose}>
    <${Said} name=${name} words=${words} />${on && html`<${Icon} name="check" />`}</button>`;
}

/** @param {{ name: string, words: string }} props */
function Said({ name, words }) {
  return html`<span class="voice__name">${name}</span>${words && html`<span class="voice__words">${words}</span>`}`;
}

/** What a voice from an imported file tells the assistant, to be read before it is used. @param {{ voice: Voice }} props */
function Waiting({ voice }) {
  const app = useApp();
  return html`<div class="note voice__waiting"><p>${t.imported}</p>
    <p class="quiet">${voice.instruction}</p>
    <button type="button" class="button" onClick=${() => attempt(() => acceptVoice(app, voice))}><${Icon} name="check" /> ${t.accept(voice.name)}</button></div>`;
}

/** @param {{ voice: Voice, onEdit: () => void }} props */
function Actions({ voice, onEdit }) {
  const app = useApp();
  const drop = () => attempt(() => removeVoice(app, voice));
  return html`<div class="voice__actions">
    <${IconButton} icon="pencil" label=${t.edit(voice.name)} onClick=${onEdit} />
    ${voice.is_changed && html`<${IconButton} icon="rotate-ccw" label=${t.reset(voice.name)} onClick=${drop} />`}
    ${!voice.is_built_in && html`<${IconButton} icon="trash-2" label=${t.delete(voice.name)} onClick=${drop} />`}
  </div>`;
}
