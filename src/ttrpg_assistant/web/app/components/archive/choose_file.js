import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { archives } from "../../words/en/archives.js";

/**
 * Which file to import. Nothing is sent by choosing one.
 * @param {{ importing: import("../../state/files/importing.js").Importing, words: string, isTrouble: boolean }} props
 */
export function ChooseFile({ importing, words, isTrouble }) {
  const [over, setOver] = useState(false);
  const take = (/** @type {FileList | null | undefined} */ files) => files?.[0] && importing.look(files[0]);
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files);
  };
  const hover = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(true);
  };
  return html`
    ${words && html`<p class=${isTrouble ? "note note--trouble" : "note"} role=${isTrouble ? "alert" : "status"}>${words}</p>`}
    <label class=${`drop ${over ? "drop--over" : ""}`} onDragOver=${hover} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <${Icon} name="upload" /><span class="drop__name">${archives.choose}</span>
      <span class="quiet">${archives.dropHere}</span>
      <input type="file" class="drop__file" accept=".zip,.txt,.md,.jsonl,.ndjson,.log,text/plain" onChange=${(/** @type {any} */ event) => take(event.currentTarget.files)} />
    </label>
    <dl class="import__kinds">
      <div><dt>${archives.archive}</dt><dd>${archives.archiveWords}</dd></div>
      <div><dt>${archives.transcript}</dt><dd>${archives.transcriptBefore} <code>${archives.transcriptExample}</code>${archives.transcriptAfter}</dd></div>
    </dl>`;
}
