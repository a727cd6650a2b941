import { path } from "../../router.js";
import { findLastCampaign } from "../campaign/campaign_last.js";

/**
 * Where what is typed into the palette is done: the campaign on the screen; on a screen of none, the
 * one whose game session runs, else the one looked at last. Never the game session of another
 * campaign than the one on the screen: a note must not end up in the wrong one.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {{ id: string, session_number: number, title: string, campaign_id: string, campaign_name: string }} RunningGameSession
 */

/** An answer is asked for again after this many milliseconds: one is wanted with each letter. */
const FRESH = 1500;

const asked = /** @type {Map<string, { at: number, answer: Promise<any> }>} */ (new Map());
const last = /** @type {Map<string, any>} */ (new Map());

/**
 * `campaign` is null when there is none any more, `running` when no game session runs in it.
 * @param {App} app
 * @returns {Promise<{ campaign: { id: string, name: string } | null, running: RunningGameSession | null }>}
 */
export async function findPlace(app) {
  /** The one started last first. @type {RunningGameSession[]} */
  const all = (await read(app, "/api/running-game-sessions", { game_sessions: [] })).game_sessions;
  const id = campaignOnScreen() ?? all[0]?.campaign_id ?? findLastCampaign()?.id;
  if (!id) return { campaign: null, running: null };
  return {
    campaign: await read(app, `/api/campaigns/${id}`, null),
    running: all.find((each) => each.campaign_id === id) ?? null,
  };
}

/** A thing's address does not name its campaign, which is then the one looked at last. */
function campaignOnScreen() {
  const named = /^\/(?:campaigns|session)\/([0-9a-f-]{36})/i.exec(path.value)?.[1];
  return named ?? (/^\/(?:npcs|things)\//.test(path.value) ? findLastCampaign()?.id : undefined);
}

/**
 * While the server is away it is as it was: what waits on this device can still be written.
 * @param {App} app @param {string} address @param {any} none
 */
async function read(app, address, none) {
  const now = performance.now();
  let known = asked.get(address);
  if (!known || now - known.at > FRESH) {
    known = { at: now, answer: app.api.get(address) };
    asked.set(address, known);
  }
  try {
    const answer = await known.answer;
    last.set(address, answer);
    return answer;
  } catch (error) {
    asked.delete(address); // no answer is none to keep: the next who wants one asks again
    const { detail, passing } = /** @type {import("../../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    return passing ? (last.get(address) ?? none) : none;
  }
}

/** What was found out is no longer so: something has been done. */
export function forgetPlace() {
  asked.clear();
}
