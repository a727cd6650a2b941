import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { offerUndo } from "../../state/campaign/campaign_actions.js";
import { attempt, toast } from "../../state/notices.js";
import { continuity as t } from "../../words/en/continuity.js";
import { controls } from "../../words/en/controls.js";
import { Icon } from "../icon.js";
import { ContinuitySource } from "./continuity_source.js";

/**
 * Two things that cannot both be so: each side quoted with the way to it, and what to do about it.
 *
 * @param {{ one: import("../../state/campaign/continuity.js").Contradiction, campaignId: string,
 *   places: import("../../state/campaign/continuity.js").Places, onDone: () => Promise<unknown> }} props
 */
export function Contradiction({ one, campaignId, places, onDone }) {
  const app = useApp();
  const at = `/api/campaigns/${campaignId}/contradictions/${one.key}`;
  const decide = (/** @type {"both_true" | "resting"} */ state, /** @type {string} */ words) =>
    attempt(async () => {
      await app.api.post(at, { state });
      toast(words, { label: controls.undo, run: () => app.api.post(at, { state: "open" }) });
      await onDone();
    });
  const retcon = (/** @type {string} */ id, /** @type {string} */ words) =>
    attempt(async () => {
      const move = async (/** @type {string} */ canon) => {
        const { revision } = await app.api.get(`/api/facts/${id}`);
        return app.api.patch(`/api/facts/${id}`, { revision, changes: { canon } });
      };
      const { canon: before } = await app.api.get(`/api/facts/${id}`);
      await move("retconned");
      toast(words, { label: controls.undo, run: () => move(before) });
      await onDone();
    });
  const undo = (/** @type {string} */ id) =>
    attempt(async () => {
      const { removal_id: removal } = await app.api.delete(`/api/facts/${id}`);
      offerUndo(app, t.undone, removal);
      await onDone();
    });
  const said = one.sentence;
  /** @type {(words: string, label: string, run: () => unknown) => any} */
  const button = (words, label, run) =>
    html`<button type="button" class="button button--small" aria-label=${label} onClick=${run}>${words}</button>`;
  return html`<li class="pair">
    <p class="pair__sentence"><${Icon} name="triangle-alert" /> ${said}${one.made_by && html` <span class="quiet">${t.foundBy(one.made_by)}</span>`}</p>
    <dl class="pair__sides">${[
      { label: t.before, side: one.old },
      { label: t.after, side: one.new },
    ].map(
      ({ label, side }) => html`<div key=${label}><dt>${label} <${ContinuitySource} source=${side.source}
        evening=${side.evening} campaignId=${campaignId} places=${places} /></dt>
        <dd>“${side.text}”</dd></div>`,
    )}</dl>
    <div class="loose__tools">
      ${button(t.bothTrue, t.bothTrueOf(said), () => decide("both_true", t.bothAreTrue))}
      ${one.old.source.kind === "fact" && button(t.retconOld, t.retconOldOf(said), () => retcon(one.old.source.id, t.retconned))}
      ${one.new.source.kind === "fact" && button(t.retconNew, t.retconNewOf(said), () => retcon(one.new.source.id, t.newRetconned))}
      ${one.new.source.kind === "fact" && button(t.undoNew, t.undoNewOf(said), () => undo(one.new.source.id))}
      ${button(t.rest, t.restOf(said), () => decide("resting", t.resting))}
    </div></li>`;
}
