import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { countDone, readPlan } from "../../models/plan.js";
import { press } from "../../state/campaign/campaign_actions.js";
import { KINDS, pathOf } from "../../state/campaign/campaign_kinds.js";
import { recall, remember } from "../../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { usePlanChecks } from "../../state/table/plan_checks.js";
import { EntityForm } from "../campaign/entity_form.js";
import { Contradictions } from "../campaign/contradictions.js";
import { LooseThreads } from "../campaign/loose_threads.js";
import { Icon } from "../icon.js";
import { table as t } from "../../words/en/table.js";

/** @typedef {import("../../models/plan.js").PlanPart} PlanPart */

/**
 * What a game session is played from, beside its notes: the last recap, the plan to be checked off with
 * its strong start, and what players do not know yet.
 * @param {{ gameSession: any }} props
 */
export function Tonight({ gameSession }) {
  const app = useApp();
  const [open, setOpen] = useState(() => recall("table.tonight", true));
  const [editing, setEditing] = useState(false);
  const { plan, check } = usePlanChecks(app, gameSession);
  const parts = readPlan(plan);
  const { done, all } = countDone(parts);
  const toggle = (/** @type {any} */ event) => {
    setOpen(event.currentTarget.open);
    remember("table.tonight", event.currentTarget.open);
  };
  return html`<details class="tonight" open=${open} onToggle=${toggle}>
    <summary class="tonight__title"><${Icon} name="notebook-pen" /> ${t.planOfTonight}${all > 0 && html` <span class="tonight__count">${t.playedOf(done, all)}</span>`}</summary>
    <div class="tonight__body">
      <${LastTime} gameSession=${gameSession} />
      ${inOrder(parts).map((part) => html`<${Part} part=${part} onCheck=${check} />`)}
      ${parts.length === 0 && html`<p class="quiet">${t.noPlan}</p>`}
      <${Unknown} campaignId=${gameSession.campaign_id} />
      <${Contradictions} campaignId=${gameSession.campaign_id} />
      ${gameSession.status === "planned" && html`<${LooseThreads} campaignId=${gameSession.campaign_id} gameSession=${gameSession} />`}
      <p><button type="button" class="link-button" onClick=${() => setEditing(true)}>${parts.length === 0 ? t.writePlan : t.editPlan}</button></p>
    </div>
    ${editing && html`<${EntityForm} kind=${KINDS.game_session} campaignId=${gameSession.campaign_id} entity=${{ ...gameSession }} only=${["plan"]} onClose=${() => setEditing(false)} />`}
  </details>`;
}

/** The strong start comes first, wherever it was written. @param {PlanPart[]} parts */
function inOrder(parts) {
  return [...parts].sort((a, b) => Number(b.role === "start") - Number(a.role === "start"));
}

/** @param {{ part: PlanPart, onCheck: (item: import("../../models/plan.js").PlanItem, done: boolean) => void }} props */
function Part({ part, onCheck }) {
  const secret = part.role === "secrets";
  const left = part.items.filter((item) => !item.done).length;
  return html`<section class=${`tonight__part tonight__part--${part.role}`}>
    ${part.title && html`<h3>${secret && html`<${Icon} name="eye-off" /> `}${part.title}${secret && html` <span class="quiet">${left === 0 ? t.allRevealed : t.notRevealed(left)}</span>`}</h3>`}
    <ul>${part.items.map(
      (
        item,
      ) => html`<li key=${`${item.line}.${item.part}.${item.text}`}><label class=${`tonight__item ${item.done ? "tonight__item--done" : ""}`}>
        <input type="checkbox" checked=${item.done} onChange=${(/** @type {any} */ event) => onCheck(item, event.currentTarget.checked)} />
        <span>${item.text}</span></label></li>`,
    )}</ul>
  </section>`;
}

/** What happened the last time, as long as it is. @param {{ gameSession: any }} props */
function LastTime({ gameSession }) {
  const { api } = useApp();
  const { value } = useFetched(
    (signal) =>
      api.get(`/api/campaigns/${gameSession.campaign_id}/last-game-session?before=${gameSession.session_number}`, {
        signal,
      }),
    [gameSession.id],
    ofCampaign(gameSession.campaign_id),
  );
  const last = value?.last_game_session;
  if (!last?.text) return null;
  return html`<details class="tonight__last">
    <summary><strong>${t.lastTime}</strong> <span class="quiet">${last.source === "recap" ? t.recapOfNumber(last.number) : t.notesOf(last.number)}</span>
      <span class="tonight__first">${last.text}</span></summary>
    <p class="tonight__whole">${last.text}</p>
  </details>`;
}

/** Open plot points that are the game master's alone. @param {{ campaignId: string }} props */
function Unknown({ campaignId }) {
  const app = useApp();
  const { value } = useFetched(
    (signal) => app.api.get(`/api/campaigns/${campaignId}/plot-points?limit=200&is_open=true`, { signal }),
    [campaignId],
    ofCampaign(campaignId),
  );
  const hidden = (value?.plot_points ?? []).filter((/** @type {any} */ point) => point.audience === "gm");
  if (hidden.length === 0) return null;
  return html`<section class="tonight__part tonight__part--secrets">
    <h3><${Icon} name="eye-off" /> ${t.playersDoNotKnow}</h3>
    <ul>${hidden.map(
      (
        /** @type {any} */ point,
      ) => html`<li key=${point.id} class="tonight__secret"><a href=${pathOf(KINDS.plot_point, point)}>${point.title}</a>
        <button type="button" class="link-button" aria-label=${t.revealOne(point.title)} onClick=${() => press(app, KINDS.plot_point, point, { audience: "public" })}>${t.reveal}</button></li>`,
    )}</ul>
  </section>`;
}
