import { html } from "../../html.js";
import { attempt } from "../../state/notices.js";
import { imports as t } from "../../words/en/imports.js";

/**
 * The columns of tables: which field each of them fills.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "files" }> }} props
 */
export function FoundColumns({ importing, step }) {
  const { preview, choices } = step;
  const choose = (/** @type {string} */ heading, /** @type {string} */ field) => {
    const next = { ...choices, columns: { ...choices.columns, [heading]: field } };
    attempt(() => importing.lookAgain(next, preview.campaign_id));
  };
  return html`<fieldset class="import__part" disabled=${step.isBusy}><legend>${t.columns}</legend>
    <p class="quiet">${t.columnsWords}</p>
    <ul class="found">${preview.columns.map(
      (one) => html`<li class="found__one" key=${one.heading}><div class="found__head">
        <span class="found__name">${one.heading}</span>
        <select class="field found__kind" aria-label=${t.fieldOf(one.heading)} value=${one.field} onChange=${(/** @type {any} */ event) => choose(one.heading, event.currentTarget.value)}>
          <option value="">${t.keepOnly}</option>
          ${one.fields.map((field) => html`<option key=${field.name} value=${field.name}>${field.label}</option>`)}</select>
        ${one.example && html`<span class="quiet">${one.example}</span>`}</div></li>`,
    )}</ul>
  </fieldset>`;
}
