import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { useContinuity } from "../../state/campaign/continuity.js";
import { continuity as t } from "../../words/en/continuity.js";
import { Icon } from "../icon.js";
import { Contradiction } from "./contradiction.js";

/** What cannot be both so, in the whole campaign. @param {{ campaignId: string }} props */
export function Contradictions({ campaignId }) {
  const app = useApp();
  const { value, pull } = useContinuity(
    app,
    campaignId,
    "contradictions",
    (/** @type {import("../../state/campaign/continuity.js").Contradiction} */ one) => [one.old.source, one.new.source],
  );
  if (!value || value.found.length === 0) return null;
  return html`<section class="continuity" aria-label=${t.pairs}>
    <header class="continuity__head"><h2><${Icon} name="eye-off" /> ${t.pairs}</h2><p class="quiet">${t.pairsWhy}</p></header>
    <ul class="continuity__list">
      ${value.found.map((one) => html`<${Contradiction} key=${one.key} one=${one} campaignId=${campaignId} places=${value.places} onDone=${pull} />`)}
    </ul>
  </section>`;
}
