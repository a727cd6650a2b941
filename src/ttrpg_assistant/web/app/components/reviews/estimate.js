import { html } from "../../html.js";
import { estimateWords } from "../../models/reviews.js";
import { useApp } from "../../state/app.js";
import { useFetched } from "../../state/fetched.js";
import { readingNotes as t } from "../../words/en/reading_notes.js";

/**
 * What it takes to have notes read by the model that is chosen now.
 * @param {string} asked the query: their length, or where they are kept
 * @returns {{ estimate: import("../../models/reviews.js").Estimate | null, canRead: boolean }}
 */
export function useEstimate(asked) {
  const { api } = useApp();
  const { value, fault } = useFetched(
    (signal) => api.get(`/api/transcript-reviews/estimate?${asked}`, { signal }),
    [asked],
    (hint) => hint.event === "models",
  );
  // A model that does not say how much it can read may still read.
  return { estimate: value ?? null, canRead: value ? !value.is_built_in : Boolean(fault) };
}

/** @param {{ estimate: import("../../models/reviews.js").Estimate | null }} props */
export function EstimateLine({ estimate }) {
  if (!estimate) return html`<span class="quiet">${t.unknown}</span>`;
  if (estimate.is_built_in)
    return html`<span class="quiet">${t.needsModel} <a href="/settings">${t.settings}</a></span>`;
  return html`<span>${estimateWords(estimate)}</span>`;
}
