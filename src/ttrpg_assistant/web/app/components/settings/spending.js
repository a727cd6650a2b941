import { html } from "../../html.js";
import { modelLines, monthWords, spentWords } from "../../models/spending_words.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { settings } from "../../words/en/settings.js";

/** What answers took and cost, month by month. */
export function Spending() {
  const { api } = useApp();
  const { value, fault } = useFetched(
    (signal) =>
      /** @type {Promise<import("../../models/spending_words.js").Spending>} */ (api.get("/api/spending", { signal })),
    [],
  );
  if (fault) return html`<p role="alert">${fault.detail}</p>`;
  if (!value) return html`<p class="quiet">${settings.loading}</p>`;
  if (value.months.length === 0) return html`<p class="quiet">${settings.noSpending}</p>`;
  return html`<dl class="facts">${value.months.map(
    (month) => html`<div key=${month.month}><dt>${monthWords(month.month)}</dt>
        <dd>${spentWords(month)}${modelLines(month).map((line) => html`<p class="quiet">${line}</p>`)}</dd></div>`,
  )}</dl>
    <p class="quiet">${settings.spendingWords}</p>`;
}
