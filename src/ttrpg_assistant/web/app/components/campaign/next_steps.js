import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { nextSteps } from "../../models/next_steps.js";
import { navigate } from "../../router.js";
import { useApp } from "../../state/app.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { modelChooserOpen } from "../../state/models/model_chooser.js";
import { attempt } from "../../state/notices.js";
import { planNext } from "../../state/table/plan_session.js";
import { listAll } from "../../state/table/table_entries.js";
import { start as words } from "../../words/en/start.js";
import { Icon, IconButton } from "../icon.js";
import { EntityForm } from "./entity_form.js";

/** @typedef {import("../../models/next_steps.js").NextStep} NextStep */

/** What each is called, why, and its icon. @type {Record<string, (step: NextStep) => [string, string, string]>} */
const SHOWN = {
  npc: () => [words.nextNpc, words.nextNpcWhy, "user"],
  plan: ({ number }) => [words.nextPlan(number), words.nextPlanWhy, "notebook-pen"],
  model: () => [words.nextModel, words.nextModelWhy, "cpu"],
  start: ({ number }) => [words.nextStart(number), words.nextStartWhy, "play"],
};

/**
 * What to do next in a campaign: each a press, gone when it is done or dismissed for good.
 * @param {{ campaign: any }} props with its counts
 */
export function NextSteps({ campaign }) {
  const app = useApp();
  const path = `/api/campaigns/${campaign.id}/game-sessions`;
  const { value } = useFetched(
    (signal) => listAll(app.api, path, "game_sessions", signal),
    [campaign.id],
    ofCampaign(campaign.id),
  );
  /** Dismissed here; that the server has it is heard a moment later. */
  const [gone, setGone] = useState(/** @type {string[]} */ ([]));
  const [making, setMaking] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!value || !campaign.counts || campaign.archived_at || app.models.current.value === null) return null;
  const steps = nextSteps({
    npcs: campaign.counts.npc ?? 0,
    gameSessions: value,
    builtIn: app.models.offline.value,
    dismissed: [...(campaign.dismissed_steps ?? []), ...gone],
  });
  if (steps.length === 0 && !making) return null;
  const dismiss = (/** @type {string} */ step) =>
    attempt(async () => {
      await app.api.post(`/api/campaigns/${campaign.id}/dismissed-steps`, { step });
      setGone((all) => [...all, step]);
    });
  /** Once, however often it is pressed. @param {() => Promise<string>} deed answers where it leads */
  const go = async (deed) => {
    if (busy) return;
    setBusy(true);
    const to = await attempt(deed);
    setBusy(false);
    if (to) navigate(to);
  };
  const start = async (/** @type {number} */ number) => {
    const planned = value.find((each) => each.status === "planned" && each.session_number === number);
    const { id } = planned ?? (await app.api.post(path, { id: newId() }));
    await app.api.post(`/api/game-sessions/${id}/start`);
    return `/session/${campaign.id}`;
  };
  const plan = async () => `/session/${campaign.id}?thread=${(await planNext(app, campaign.id)).id}`;
  const press = (/** @type {NextStep} */ { id, number }) => {
    if (id === "npc") setMaking(true);
    else if (id === "model") modelChooserOpen.value = true;
    else go(() => (id === "plan" ? plan() : start(number)));
  };
  return html`${
    steps.length > 0 &&
    html`<section class="next-steps" aria-labelledby="next-title">
    <h2 id="next-title">${words.next}</h2>
    <ul>${steps.map((step) => {
      const [what, why, icon] = SHOWN[step.id](step);
      return html`<li key=${step.id} class="next-steps__step">
        <button type="button" class="next-steps__go" disabled=${busy} onClick=${() => press(step)}>
          <${Icon} name=${icon} /><span><strong>${what}</strong> <span class="quiet">${why}</span></span></button>
        <${IconButton} icon="x" label=${words.dismiss(what)} onClick=${() => dismiss(step.id)} /></li>`;
    })}</ul>
  </section>`
  }${making && html`<${EntityForm} kind=${KINDS.npc} campaignId=${campaign.id} onClose=${() => setMaking(false)} />`}`;
}
