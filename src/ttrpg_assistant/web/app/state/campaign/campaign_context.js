/**
 * Which game session runs at each campaign's table, as far as this page has seen: a message says
 * under which it was asked, whenever it arrives.
 */

/** By campaign. */
const running = /** @type {Map<string, string | null>} */ (new Map());

/** A campaign's table is on the screen, or its running game session changes. @param {string} campaignId @param {string | null} gameSessionId */
export function noteRunning(campaignId, gameSessionId) {
  running.set(campaignId, gameSessionId);
}

/**
 * What a message in a chat is asked under. Null while that is not known: the server knows where the
 * chat belongs.
 * @param {string | null} campaignId the campaign whose chat it is
 */
export function askedUnder(campaignId) {
  if (campaignId === null) return { campaign_id: null, game_session_id: null };
  const gameSessionId = running.get(campaignId);
  return gameSessionId === undefined ? null : { campaign_id: campaignId, game_session_id: gameSessionId };
}
