import { html } from "../../html.js";
import { attempt } from "../../state/notices.js";
import { EstimateLine, useEstimate } from "../reviews/estimate.js";
import { readingNotes as t } from "../../words/en/reading_notes.js";

/**
 * Whether notes are split by their headings or read by a model, and what that takes.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "files" }>,
 *   notes: { characters: number, is_too_long: boolean } }} props
 */
export function NotesReading({ importing, step, notes }) {
  const { choices, preview } = step;
  const { estimate, canRead } = useEstimate(`characters=${notes.characters}`);
  const choose = (/** @type {boolean} */ read) =>
    attempt(() => importing.lookAgain({ ...choices, read_notes: read }, preview.campaign_id));
  const isOff = notes.is_too_long || !canRead;
  return html`<fieldset class="import__part" disabled=${step.isBusy}><legend>${t.how}</legend>
    <label class="import__way"><input type="radio" name="notes-reading" checked=${!choices.read_notes} onChange=${() => choose(false)} />
      <span><b>${t.byHeadings}</b> <span class="quiet">${t.byHeadingsWords}</span></span></label>
    <label class="import__way"><input type="radio" name="notes-reading" checked=${choices.read_notes} disabled=${isOff} onChange=${() => choose(true)} />
      <span><b>${t.byModel}</b> <span class="quiet">${t.byModelWords}</span></span></label>
    <p class="import__takes" role="status">${
      notes.is_too_long ? html`<span class="quiet">${t.tooLong}</span>` : html`<${EstimateLine} estimate=${estimate} />`
    }</p>
  </fieldset>`;
}
