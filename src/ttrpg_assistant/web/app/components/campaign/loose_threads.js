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
import { ModelLook } from "./model_look.js";

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
  const { value, pull } = useContinuity(app, campaignId, "loose_threads", (/** @type {LooseThread} */ one) =>
    one.settled_by ? [one.source, one.settled_by.source] : [one.source],
  );
  if (!value) return null;
  if (value.found.length === 0) return html`<${ModelLook} campaignId=${campaignId} isAlone />`;
  const open = value.found.filter((one) => !one.settled_by && one.is_sure);
  const perhaps = value.found.filter((one) => !one.settled_by && !one.is_sure);
  const settled = value.found.filter((one) => one.settled_by);
  const shown = all ? open : open.slice(0, FEW);
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
  const row = (/** @type {LooseThread} */ one) =>
    html`<${Row} key=${one.key} one=${one} campaignId=${campaignId} places=${value.places} onPlan=${plan} onRest=${rest} />`;
  return html`<section class="continuity" aria-label=${t.threads}>
    <header class="continuity__head"><h2><${Icon} name="eye-off" /> ${t.threads}</h2><p class="quiet">${t.threadsWhy}</p></header>
    <ul class="continuity__list">${shown.map(row)}</ul>
    ${open.length > shown.length && html`<button type="button" class="link-button" onClick=${() => setAll(true)}>${t.all(open.length)}</button>`}
    ${perhaps.length > 0 && html`<details class="continuity__settled"><summary>${t.perhaps(perhaps.length)}</summary><p class="quiet">${t.perhapsWhy}</p><ul class="continuity__list">${perhaps.map(row)}</ul></details>`}
    ${settled.length > 0 && html`<details class="continuity__settled"><summary>${t.settled(settled.length)}</summary><ul class="continuity__list">${settled.map(row)}</ul></details>`}
    <${ModelLook} campaignId=${campaignId} />
  </section>`;
}

/**
 * @param {{ one: LooseThread, campaignId: string, places: import("../../state/campaign/continuity.js").Places,
 *   onPlan: (one: LooseThread, isOut: boolean) => unknown, onRest: (one: LooseThread) => unknown }} props
 */
function Row({ one, campaignId, places, onPlan, onRest }) {
  /** @type {(side: { source: import("../../state/campaign/continuity.js").Ref, evening: number | null }) => any} */
  const way = ({ source, evening }) =>
    html`<${ContinuitySource} source=${source} evening=${evening} campaignId=${campaignId} places=${places} />`;
  return html`<li class=${`loose ${one.state === "planned" ? "loose--planned" : ""}`}>
    <div class="loose__main"><p class="loose__text"><span class="chip">${t.kinds[one.kind] ?? one.kind}</span> ${one.text}${one.kind === "not_seen" && one.evening && `, ${t.notSeen(one.evening)}`}</p>
      <p class="loose__source">${way(one)}${one.made_by && html` · ${t.foundBy(one.made_by)}`}</p>
      ${one.settled_by?.text && html`<p class="loose__source">${t.settledBy} “${one.settled_by.text}” ${way(one.settled_by)}</p>`}</div>
    <div class="loose__tools">
      ${
        one.state === "planned"
          ? html`<button type="button" class="button button--small" aria-label=${t.outOfPlanOf(one.text)} onClick=${() => onPlan(one, true)}><${Icon} name="check" /> ${t.outOfPlan}</button>`
          : html`<button type="button" class="button button--small" aria-label=${t.intoPlanOf(one.text)} onClick=${() => onPlan(one, false)}><${Icon} name="plus" /> ${t.intoPlan}</button>`
      }
      <button type="button" class="button button--small" aria-label=${t.restOf(one.text)} onClick=${() => onRest(one)}>${t.rest}</button>
    </div></li>`;
}
