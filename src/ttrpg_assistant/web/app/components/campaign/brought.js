import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { useBrought } from "../../state/campaign/brought.js";
import { wasJustWritten } from "../../state/campaign/just_written.js";
import { nameIn } from "../../models/proposals.js";
import { continuity as t } from "../../words/en/continuity.js";
import { Icon } from "../icon.js";
import { Contradiction } from "./contradiction.js";

/**
 * What contradicts something that was just accepted, imported, noted or said, beside it. Nothing
 * where nothing does; where the look is not finished, that.
 *
 * @typedef {import("../../state/campaign/just_written.js").Writer} Writer
 *
 * @param {{ campaignId: string, by: Writer, name?: string, off?: (pull: () => Promise<void>) => any }} props `name`: what was accepted, where this stands elsewhere;
 *   `off` draws how this is turned off, where it comes unasked: then nothing is said of the look itself
 */
export function Brought({ campaignId, by, name = "", off }) {
  const app = useApp();
  const { value, fault, isWaiting, pull, again } = useBrought(app, campaignId, by);
  if (off && !value?.isFinished) return null;
  if (fault || (value && !value.isFinished)) {
    return html`<div class="brought__look" role="status"><${Icon} name="clock" /> ${isWaiting && !fault ? t.stillLooking : t.notLooked}${" "}
      ${(fault || !isWaiting) && html`<button type="button" class="link-button" onClick=${again}>${t.lookAgain}</button>`}</div>`;
  }
  if (!value || value.found.length === 0) return null;
  return html`<section class="brought" aria-label=${name ? t.broughtBy(name) : t.brought}>
    <p class="brought__head" role="status"><${Icon} name="eye-off" /> ${name ? t.broughtBy(name) : t.brought} <span class="quiet">${t.broughtWhy}</span></p>
    <ul class="continuity__list">
      ${value.found.map((one) => html`<${Contradiction} key=${one.key} one=${one} campaignId=${campaignId} places=${value.places} onDone=${pull} />`)}
    </ul>
    ${off?.(pull)}
  </section>`;
}

/**
 * The same of several suggestions that leave the screen when they are accepted: above those that are left.
 * @param {{ suggestions: import("../../models/proposals.js").Suggestion[] }} props
 */
export function BroughtByAccepted({ suggestions }) {
  return html`${suggestions
    .filter((one) => one.campaign_id && isWritten(one))
    .map(
      (one) =>
        html`<${Brought} key=${one.id} campaignId=${one.campaign_id} by=${`suggestion:${one.id}`} name=${nameIn(one.title)} />`,
    )}`;
}

/** Whether a suggestion was accepted here, and still is. @param {import("../../models/proposals.js").Suggestion} suggestion */
export function isWritten({ id, status }) {
  return (status === "accepted" || status === "partly_accepted") && wasJustWritten(`suggestion:${id}`);
}
