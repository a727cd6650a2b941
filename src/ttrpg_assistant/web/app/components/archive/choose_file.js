import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { chosenFiles, droppedFiles } from "../../state/files/sent_files.js";
import { attempt } from "../../state/notices.js";
import { EarlierImports } from "../imports/earlier_imports.js";
import { LinkedFolder } from "../vault/linked_folder.js";
import { archives } from "../../words/en/archives.js";
import { imports } from "../../words/en/imports.js";
import { reviews } from "../../words/en/reviews.js";

/**
 * Which file to import. Nothing is sent by choosing one.
 * @param {{ importing: import("../../state/files/importing.js").Importing, words: string, isTrouble: boolean }} props
 */
export function ChooseFile({ importing, words, isTrouble }) {
  const [over, setOver] = useState(false);
  const take = (/** @type {import("../../state/files/sent_files.js").ChosenFile[]} */ files) =>
    attempt(() => importing.lookAll(files));
  const drop = async (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    take(await droppedFiles(event.dataTransfer));
  };
  const choose = (/** @type {any} */ event) => {
    const files = chosenFiles(event.currentTarget.files);
    event.currentTarget.value = "";
    take(files);
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
      <input type="file" class="drop__file" multiple onChange=${choose} />
    </label>
    <div class="button-row"><label class="button button--small import__folder"><${Icon} name="archive" /> ${imports.folder}
      <input type="file" class="frame__file" webkitdirectory aria-label=${imports.folder} onChange=${choose} /></label></div>
    <${PasteText} importing=${importing} />
    <${LinkedFolder} />
    <${EarlierImports} importing=${importing} />
    <dl class="import__kinds">
      <div><dt>${imports.files}</dt><dd>${imports.filesWords}</dd></div>
      <div><dt>${archives.archive}</dt><dd>${archives.archiveWords}</dd></div>
      <div><dt>${archives.transcript}</dt><dd>${archives.transcriptBefore} <code>${archives.transcriptExample}</code>${archives.transcriptAfter}</dd></div>
    </dl>`;
}

/** A transcript that is no file. @param {{ importing: import("../../state/files/importing.js").Importing }} props */
function PasteText({ importing }) {
  const [text, setText] = useState("");
  const use = (/** @type {Event} */ event) => {
    event.preventDefault();
    importing.look(new File([text], reviews.pastedName, { type: "text/plain" }));
  };
  return html`<form class="import__paste" onSubmit=${use}>
    <label class="import__field">${reviews.pasted}<textarea class="field" rows="5" value=${text}
      placeholder=${reviews.pasteWords} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea></label>
    <div class="button-row"><button type="submit" class="button" disabled=${text.trim() === ""}>${reviews.pasteUse}</button></div>
  </form>`;
}
