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
  /** @type {(one: import("../../state/campaign/continuity.js").Contradiction) => any} */
  const item = (one) =>
    html`<${Contradiction} key=${one.key} one=${one} campaignId=${campaignId} places=${value.places} onDone=${pull} />`;
  const plain = value.found.filter((one) => !one.is_doubted);
  const doubted = value.found.filter((one) => one.is_doubted);
  return html`<section class="continuity" aria-label=${t.pairs}>
    <header class="continuity__head"><h2><${Icon} name="eye-off" /> ${t.pairs}</h2><p class="quiet">${t.pairsWhy}</p></header>
    <ul class="continuity__list">${plain.map(item)}</ul>
    ${doubted.length > 0 && html`<details class="continuity__settled"><summary>${t.doubted(doubted.length)}</summary><ul class="continuity__list">${doubted.map(item)}</ul></details>`}
  </section>`;
}
