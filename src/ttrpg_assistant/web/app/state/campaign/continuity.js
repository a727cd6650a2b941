import { apiOfAll, KINDS } from "./campaign_kinds.js";
import { ofCampaign, useFetched } from "../fetched.js";
import { listAll } from "../table/table_entries.js";

/**
 * Loose threads and contradictions, with all that their links need.
 *
 * @typedef {{ kind: string, id: string }} Ref
 * @typedef {{ key: string, kind: string, text: string, evening: number | null, source: Ref, about: Ref[], state: string | null,
 *   made_by: string | null, settled_by: Side | null, is_sure: boolean }} LooseThread
 * @typedef {{ source: Ref, text: string, evening: number | null }} Side
 * @typedef {{ key: string, subject: string, about: Ref | null, sentence: string, old: Side, new: Side,
 *   made_by: string | null, is_doubted: boolean }} Contradiction
 * @typedef {{ homes: Map<string, any>, evenings: Map<number, string> }} Places where messages stand, and game sessions by number
 */

/** As many as one answer tells of. */
const MOST_HOMES = 50;

/**
 * @template T
 * @param {import("../app.js").App} app @param {string} campaignId @param {"loose_threads" | "contradictions"} name
 * @param {(one: T) => Ref[]} sourcesOf
 */
export function useContinuity(app, campaignId, name, sourcesOf) {
  return useFetched(
    async (signal) => {
      const path = `/api/campaigns/${campaignId}/${name.replace("_", "-")}`;
      const found = /** @type {T[]} */ ((await app.api.get(path, { signal }))[name]);
      return { found, places: await findPlaces(app, campaignId, found.flatMap(sourcesOf), signal) };
    },
    [campaignId, name],
    ofCampaign(campaignId),
  );
}

/**
 * Where these are read.
 * @param {import("../app.js").App} app @param {string} campaignId @param {Ref[]} sources @param {AbortSignal} signal
 * @returns {Promise<Places>}
 */
export async function findPlaces(app, campaignId, sources, signal) {
  if (sources.length === 0) return { homes: new Map(), evenings: new Map() };
  const games = await listAll(app.api, apiOfAll(KINDS.game_session, campaignId), "game_sessions", signal);
  const ids = sources.flatMap(({ kind, id }) => (kind === "message" ? [id] : []));
  return { homes: await findHomes(app, ids, signal), evenings: byNumber(games) };
}

/** @param {any[]} games @returns {Map<number, string>} */
function byNumber(games) {
  return new Map(games.map(({ id, session_number: number }) => [number, id]));
}

/** @param {import("../app.js").App} app @param {string[]} ids @param {AbortSignal} signal @returns {Promise<Map<string, any>>} */
async function findHomes(app, ids, signal) {
  const asked = [...new Set(ids)].slice(0, MOST_HOMES);
  if (asked.length === 0) return new Map();
  const query = asked.map((id) => `message_id=${id}`).join("&");
  const { homes } = await app.api.get(`/api/message-homes?${query}`, { signal });
  return new Map(homes.map((/** @type {any} */ home) => [home.message_id, home]));
}
