import { newId } from "../../identity.js";
import { makeThread, threadMade } from "../conversations/conversation_actions.js";
import { table } from "../../words/en/table.js";

/**
 * One press from the table to a thread that plans the next evening.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {{ id: string, session_number: number, status: string, title: string }} GameSession
 */

/**
 * Opens the planning thread of the next game session; makes the game session and the thread where
 * there are none. Its first words stand ready in the composer.
 * @param {App} app @param {string} campaignId
 * @returns {Promise<import("../../types.js").Conversation>}
 */
export async function planNext(app, campaignId) {
  const next = await nextGameSession(app, campaignId);
  const query = `campaign_id=${campaignId}&purpose=session_planning&limit=200`;
  const { threads } = await app.api.get(`/api/threads?${query}`);
  const planned = threads.filter((/** @type {any} */ thread) => thread.game_session_id === next.id);
  // A branch of it plans the same evening: the one it began with is meant.
  const found = planned.find((/** @type {any} */ thread) => !thread.branched_from_id) ?? planned[0];
  if (found) {
    threadMade.value = { ...found };
    return found;
  }
  const made = await makeThread(app, {
    purpose: "session_planning",
    campaign_id: campaignId,
    game_session_id: next.id,
    title: table.planTitle(next.session_number),
  });
  const text = table.planQuestion(next.session_number, next.title ?? "");
  app.drafts.keep(made.id, { text, sending: null });
  return made;
}

/** The first planned one after the last that was played; made now when there is none. @param {App} app @param {string} campaignId @returns {Promise<GameSession>} */
export async function nextGameSession(app, campaignId) {
  const path = `/api/campaigns/${campaignId}/game-sessions`;
  const { game_sessions: all } = /** @type {{ game_sessions: GameSession[] }} */ (
    await app.api.get(`${path}?limit=200`)
  );
  const played = Math.max(0, ...all.filter(({ status }) => status !== "planned").map((each) => each.session_number));
  const planned = all
    .filter(({ status, session_number: number }) => status === "planned" && number > played)
    .sort((a, b) => a.session_number - b.session_number);
  return planned[0] ?? app.api.post(path, { id: newId() });
}
