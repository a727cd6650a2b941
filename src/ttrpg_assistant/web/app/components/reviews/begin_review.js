import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { KINDS, nameOf } from "../../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { attempt } from "../../state/notices.js";
import { reviews as t } from "../../words/en/reviews.js";
import { Icon } from "../icon.js";

/**
 * Which game session the transcript is of; then its review begins.
 * @param {{ thread: import("../../types.js").Conversation, onBegun: (review: import("../../models/reviews.js").Review) => void }} props
 */
export function BeginReview({ thread, onBegun }) {
  const { api } = useApp();
  const [chosen, setChosen] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  const of = thread.campaign_id;
  const { value } = useFetched(
    async (signal) =>
      of ? (await api.get(`/api/campaigns/${of}/game-sessions?limit=200`, { signal })).game_sessions : [],
    [of],
    ofCampaign(of),
  );
  if (!of) return html`<p class="note">${t.needsCampaign}</p>`;
  const games = value ?? [];
  const id = chosen ?? thread.game_session_id ?? "";
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => {
      const game = id || (await api.post(`/api/campaigns/${of}/game-sessions`, {})).id;
      onBegun(await api.post("/api/transcript-reviews", { conversation_id: thread.id, game_session_id: game }));
    });
    setBusy(false);
  };
  return html`<form class="import__card" onSubmit=${begin}>
    <p>${t.beginWords}</p>
    <label class="import__field">${t.gameSession}<select class="field" value=${id} onChange=${(/** @type {any} */ event) => setChosen(event.currentTarget.value)}>
      <option value="">${t.newGameSession}</option>
      ${games.map((/** @type {any} */ one) => html`<option key=${one.id} value=${one.id}>${nameOf(KINDS.game_session, one)}</option>`)}</select></label>
    <div class="button-row"><button type="submit" class="button button--accent" disabled=${busy || !value}><${Icon} name="scroll-text" /> ${t.begin}</button></div>
  </form>`;
}
