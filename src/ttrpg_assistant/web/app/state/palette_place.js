import { path } from "../router.js";
import { findLastCampaign } from "./campaign_last.js";

/**
 * Where what is typed into the palette is done: the campaign on the screen, else the one looked at
 * last, and the game sessions that run.
 *
 * @typedef {import("./app.js").App} App
 * @typedef {{ id: string, session_number: number, title: string, campaign_id: string, campaign_name: string }} RunningGameSession
 */

/** An answer is asked for again after this many milliseconds: one is wanted with each letter. */
const FRESH = 1500;

const asked = /** @type {Map<string, { at: number, answer: Promise<any> }>} */ (new Map());
const last = /** @type {Map<string, any>} */ (new Map());

/** @param {App} app @returns {Promise<{ id: string, name: string } | null>} null when there is none any more */
export async function findCampaignAtHand(app) {
  const id = /^\/(?:campaigns|session)\/([0-9a-f-]{36})/i.exec(path.value)?.[1] ?? findLastCampaign()?.id;
  return id ? read(app, `/api/campaigns/${id}`, null) : null;
}

/** @param {App} app @returns {Promise<RunningGameSession[]>} the one started last first */
export async function findRunning(app) {
  return (await read(app, "/api/running-game-sessions", { game_sessions: [] })).game_sessions;
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
    const { detail, passing } = /** @type {import("../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    return passing ? (last.get(address) ?? none) : none;
  }
}

/** What was found out is no longer so: something has been done. */
export function forgetPlace() {
  asked.clear();
}
