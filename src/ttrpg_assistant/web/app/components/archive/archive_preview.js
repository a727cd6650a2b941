import { html } from "../../html.js";
import { holdingWords, sizeWords } from "../../models/file_words.js";
import { playDayWords } from "../../models/play_days.js";
import { Icon } from "../icon.js";

/**
 * What an archive says it holds, before any of it is taken in.
 * @param {{ importing: import("../../state/importing.js").Importing,
 *   step: Extract<import("../../state/importing.js").Step, { is: "archive" }> }} props
 */
export function ArchivePreview({ importing, step }) {
  const { file, manifest, isHere, isNamed } = step;
  const holds = holdingWords(manifest.holds);
  const made = new Date(manifest.made_at);
  return html`<section class="import__card" aria-labelledby="archive-title">
    <p class="book__over">An archive of a campaign</p>
    <h2 class="import__name" id="archive-title">${manifest.name}</h2>
    <p class="quiet">${file.name} · ${sizeWords(file.size)}${Number.isNaN(made.getTime()) ? "" : ` · made ${playDayWords(made, new Date()).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}`}</p>
    ${
      holds.length > 0
        ? html`<ul class="import__holds">${holds.map((words) => html`<li key=${words}>${words}</li>`)}</ul>`
        : !manifest.holds &&
          html`<p class="quiet">It was made by an older version, which did not write down how much is in it.</p>`
    }
    <p class="note">${
      isHere
        ? "You already have this campaign. The archive is imported as a copy beside it; yours stays as it is."
        : "It is imported as a new campaign. Nothing you have is changed."
    }${isNamed ? " Because there is a campaign of this name, the date of the import is added to the name; you can rename it." : ""} If the file turns out to be damaged, nothing of it is kept.</p>
    <div class="button-row">
      <button type="button" class="button button--accent" onClick=${() => importing.restore(file)}><${Icon} name="upload" /> ${isHere ? "Import it as a copy" : "Import it"}</button>
      <button type="button" class="button" onClick=${() => importing.again()}>Another file</button>
    </div>
  </section>`;
}
