import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { useContinuity } from "../../state/campaign/continuity.js";
import { attempt, toast } from "../../state/notices.js";
import { nextGameSession } from "../../state/table/plan_session.js";
import { continuity as t } from "../../words/en/continuity.js";
import { controls } from "../../words/en/controls.js";
import { Icon } from "../icon.js";
import { ContinuitySource } from "./continuity_source.js";

/** @typedef {import("../../state/campaign/continuity.js").LooseThread} LooseThread */

/** Shown before all are asked for. */
const FEW = 6;

/**
 * What is still open before an evening: each with where it is said, into the plan at a press, or left to rest.
 * @param {{ campaignId: string, gameSession?: any }} props `gameSession`: whose plan; without one the next
 */
export function LooseThreads({ campaignId, gameSession }) {
  const app = useApp();
  const [all, setAll] = useState(false);
  const { value, pull } = useContinuity(app, campaignId, "loose_threads", (/** @type {LooseThread} */ one) => [
    one.source,
  ]);
  if (!value || value.found.length === 0) return null;
  const shown = all ? value.found : value.found.slice(0, FEW);
  const at = (/** @type {LooseThread} */ { key }) => `/api/campaigns/${campaignId}/loose-threads/${key}`;
  const rest = (/** @type {LooseThread} */ one) =>
    attempt(async () => {
      await app.api.post(at(one), { state: "resting" });
      toast(t.resting, { label: controls.undo, run: () => app.api.post(at(one), { state: "open" }) });
      await pull();
    });
  const plan = (/** @type {LooseThread} */ one, /** @type {boolean} */ isOut) =>
    attempt(async () => {
      const game = gameSession ?? (await nextGameSession(app, campaignId));
      const put = (/** @type {boolean} */ taken) =>
        app.api.post(`${at(one)}/plan`, { game_session_id: game.id, taken_back: taken });
      await put(isOut);
      if (!isOut) toast(t.planned(game.session_number), { label: controls.undo, run: () => put(true) });
      await pull();
    });
  return html`<section class="continuity" aria-label=${t.threads}>
    <header class="continuity__head"><h2><${Icon} name="eye-off" /> ${t.threads}</h2><p class="quiet">${t.threadsWhy}</p></header>
    <ul class="continuity__list">
      ${shown.map(
        (one) => html`<li class=${`loose ${one.state === "planned" ? "loose--planned" : ""}`} key=${one.key}>
        <div class="loose__main"><p class="loose__text"><span class="chip">${t.kinds[one.kind] ?? one.kind}</span> ${one.text}${one.kind === "not_seen" && one.evening && `, ${t.notSeen(one.evening)}`}</p>
          <p class="loose__source"><${ContinuitySource} source=${one.source} evening=${one.evening} campaignId=${campaignId} places=${value.places} /></p></div>
        <div class="loose__tools">
          ${
            one.state === "planned"
              ? html`<button type="button" class="button button--small" aria-label=${t.outOfPlanOf(one.text)} onClick=${() => plan(one, true)}><${Icon} name="check" /> ${t.outOfPlan}</button>`
              : html`<button type="button" class="button button--small" aria-label=${t.intoPlanOf(one.text)} onClick=${() => plan(one, false)}><${Icon} name="plus" /> ${t.intoPlan}</button>`
          }
          <button type="button" class="button button--small" aria-label=${t.restOf(one.text)} onClick=${() => rest(one)}>${t.rest}</button>
        </div></li>`,
      )}
    </ul>
    ${value.found.length > shown.length && html`<button type="button" class="link-button" onClick=${() => setAll(true)}>${t.all(value.found.length)}</button>`}
  </section>`;
}
