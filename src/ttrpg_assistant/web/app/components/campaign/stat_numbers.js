import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { rollHere } from "../../state/table/rolling.js";
import { Icon } from "../icon.js";
import { statNumbers as t } from "../../words/en/stat_numbers.js";

/**
 * Numbers that were found in what is written of a thing, and dice in it that are rolled with one press.
 *
 * @typedef {{ stats: { label: string, value: string }[], rolls: { label: string, dice: string }[] }} Numbers
 *
 * @param {{ numbers: Numbers | undefined, most?: number }} props `most`: how many are shown
 */
export function StatChips({ numbers, most = Number.POSITIVE_INFINITY }) {
  return numbers?.stats
    .slice(0, most)
    .map(({ label, value }) => html`<span class="chip chip--stat" key=${label}><b>${label}</b> ${value}</span>`);
}

/** The numbers and the dice on a sheet. @param {{ numbers: Numbers | undefined, campaignId: string }} props */
export function StatNumbers({ numbers, campaignId }) {
  const app = useApp();
  const [said, setSaid] = useState("");
  if (!numbers || numbers.stats.length + numbers.rolls.length === 0) return null;
  return html`<section class="stat-numbers" aria-label=${t.title}>
    ${numbers.stats.length > 0 && html`<p class="card__marks"><${StatChips} numbers=${numbers} /></p>`}
    ${
      numbers.rolls.length > 0 &&
      html`<div class="button-row">${numbers.rolls.map(
        ({ label, dice }) => html`<button type="button" class="button button--small" key=${`${label} ${dice}`}
          aria-label=${t.roll(label, dice)} onClick=${async () => setSaid(await rollHere(app, campaignId, dice, label))}><${Icon} name="dices" /> ${label} <span class="mono">${dice}</span></button>`,
      )}</div>`
    }
    ${said && html`<p class="mono" role="status">${said}</p>`}
  </section>`;
}
