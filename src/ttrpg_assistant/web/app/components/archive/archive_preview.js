import { html } from "../../html.js";
import { holdingWords, sizeWords } from "../../models/file_words.js";
import { eveningWords } from "../../models/evenings.js";
import { Icon } from "../icon.js";

/**
 * What an archive says it holds, before any of it is taken in.
 * @param {{ importing: import("../../state/importing.js").Importing,
 *   step: Extract<import("../../state/importing.js").Step, { is: "archive" }> }} props
 */
export function ArchivePreview({ importing, step }) {
  const { file, manifest, isHere } = step;
  const made = new Date(manifest.made_at);
  return html`<section class="import__card" aria-labelledby="archive-title">
    <p class="book__over">An archive of a campaign</p>
    <h2 class="import__name" id="archive-title">${manifest.name}</h2>
    <p class="quiet">${file.name} · ${sizeWords(file.size)}${Number.isNaN(made.getTime()) ? "" : ` · made ${eveningWords(made, new Date()).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}`}</p>
    <ul class="import__holds">${holdingWords(manifest.rows).map((words) => html`<li key=${words}>${words}</li>`)}</ul>
    <p class="note">${
      isHere
        ? "You already have this campaign. The archive is imported as a copy beside it; yours stays as it is."
        : "It is imported as a new campaign. Nothing you have is changed."
    } If the file turns out to be damaged, nothing of it is kept.</p>
    <div class="button-row">
      <button type="button" class="button button--accent" onClick=${() => importing.restore(file)}><${Icon} name="upload" /> ${isHere ? "Import it as a copy" : "Import it"}</button>
      <button type="button" class="button" onClick=${() => importing.again()}>Another file</button>
    </div>
  </section>`;
}
