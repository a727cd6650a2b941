import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { useContinuity } from "../../state/campaign/continuity.js";
import { attempt, toast } from "../../state/notices.js";
import { offerUndo } from "../../state/campaign/campaign_actions.js";
import { continuity as t } from "../../words/en/continuity.js";
import { controls } from "../../words/en/controls.js";
import { Icon } from "../icon.js";
import { ContinuitySource } from "./continuity_source.js";

/** @typedef {import("../../state/campaign/continuity.js").Contradiction} Contradiction */

/** What cannot be both so: each side quoted, and what to do about it. @param {{ campaignId: string }} props */
export function Contradictions({ campaignId }) {
  const app = useApp();
  const { value, pull } = useContinuity(app, campaignId, "contradictions", (/** @type {Contradiction} */ one) => [
    one.old.source,
    one.new.source,
  ]);
  if (!value || value.found.length === 0) return null;
  const at = (/** @type {Contradiction} */ { key }) => `/api/campaigns/${campaignId}/contradictions/${key}`;
  const both = (/** @type {Contradiction} */ one) =>
    attempt(async () => {
      await app.api.post(at(one), { state: "both_true" });
      toast(t.bothAreTrue, { label: controls.undo, run: () => app.api.post(at(one), { state: "open" }) });
      await pull();
    });
  const retcon = (/** @type {string} */ id) =>
    attempt(async () => {
      const move = async (/** @type {string} */ canon) => {
        const { revision } = await app.api.get(`/api/facts/${id}`);
        return app.api.patch(`/api/facts/${id}`, { revision, changes: { canon } });
      };
      const { canon: before } = await app.api.get(`/api/facts/${id}`);
      await move("retconned");
      toast(t.retconned, { label: controls.undo, run: () => move(before) });
      await pull();
    });
  const undo = (/** @type {string} */ id) =>
    attempt(async () => {
      const { removal_id: removal } = await app.api.delete(`/api/facts/${id}`);
      offerUndo(app, t.undone, removal);
      await pull();
    });
  return html`<section class="continuity" aria-label=${t.pairs}>
    <header class="continuity__head"><h2><${Icon} name="eye-off" /> ${t.pairs}</h2><p class="quiet">${t.pairsWhy}</p></header>
    <ul class="continuity__list">
      ${value.found.map(
        (one) => html`<li class="pair" key=${one.key}>
        <p class="pair__sentence"><${Icon} name="triangle-alert" /> ${one.sentence}</p>
        <dl class="pair__sides">${[
          [t.before, one.old],
          [t.after, one.new],
        ].map(
          ([
            label,
            side,
          ]) => html`<div key=${label}><dt>${label} <${ContinuitySource} source=${/** @type {any} */ (side).source}
            evening=${/** @type {any} */ (side).evening} campaignId=${campaignId} places=${value.places} /></dt>
            <dd>“${/** @type {any} */ (side).text}”</dd></div>`,
        )}</dl>
        <div class="loose__tools">
          <button type="button" class="button button--small" aria-label=${t.bothTrueOf(one.sentence)} onClick=${() => both(one)}>${t.bothTrue}</button>
          ${one.old.source.kind === "fact" && html`<button type="button" class="button button--small" aria-label=${t.retconOldOf(one.sentence)} onClick=${() => retcon(one.old.source.id)}>${t.retconOld}</button>`}
          ${one.new.source.kind === "fact" && html`<button type="button" class="button button--small" aria-label=${t.undoNewOf(one.sentence)} onClick=${() => undo(one.new.source.id)}>${t.undoNew}</button>`}
        </div></li>`,
      )}
    </ul>
  </section>`;
}
