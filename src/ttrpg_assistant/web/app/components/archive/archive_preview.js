import { html } from "../../html.js";
import { holdingWords, sizeWords } from "../../models/file_words.js";
import { dayInSentence } from "../../models/play_days.js";
import { Icon } from "../icon.js";
import { archives } from "../../words/en/archives.js";

/**
 * What an archive says it holds, before any of it is taken in.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "archive" }> }} props
 */
export function ArchivePreview({ importing, step }) {
  const { file, manifest, isHere, isNamed } = step;
  const holds = holdingWords(manifest.holds);
  const made = new Date(manifest.made_at);
  return html`<section class="import__card" aria-labelledby="archive-title">
    <p class="book__over">${archives.archive}</p>
    <h2 class="import__name" id="archive-title">${manifest.name}</h2>
    <p class="quiet">${file.name} · ${sizeWords(file.size)}${Number.isNaN(made.getTime()) ? "" : ` · ${archives.made(dayInSentence(made))}`}</p>
    ${
      holds.length > 0
        ? html`<ul class="import__holds">${holds.map((words) => html`<li key=${words}>${words}</li>`)}</ul>`
        : !manifest.holds && html`<p class="quiet">${archives.olderVersion}</p>`
    }
    <p class="note">${
      isHere ? archives.alreadyHere : archives.newCampaign
    }${isNamed && ` ${archives.nameTaken}`} ${archives.ifDamaged}</p>
    <div class="button-row">
      <button type="button" class="button button--accent" onClick=${() => importing.restore(file)}><${Icon} name="upload" /> ${isHere ? archives.importCopy : archives.import}</button>
      <button type="button" class="button" onClick=${() => importing.again()}>${archives.otherFile}</button>
    </div>
  </section>`;
}
