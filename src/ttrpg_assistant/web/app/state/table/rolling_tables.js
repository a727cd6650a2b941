import { newId } from "../../identity.js";
import { sentences } from "../../models/sentences.js";
import { tableRollWords } from "../../models/table_rolls.js";
import { THINGS, apiOfAll, listedOn } from "../campaign/campaign_kinds.js";
import { announce, toast } from "../notices.js";
import { keepAtTable } from "./table_entries.js";

/** Characters of what is looked for; no name is longer. */
const LONGEST = 200;

/**
 * Rolls on a random table. While a game session of its campaign runs, the result joins its log of
 * rolls.
 *
 * @typedef {import("../../models/table_rolls.js").RolledResult} RolledResult
 * @param {import("../app.js").App} app @param {{ id: string, campaign_id: string }} table
 * @returns {Promise<{ result: RolledResult | null, keptIn: number | null, fault: string | null }>} `keptIn` is the number of the game
 *   session whose log has it
 */
export async function rollOnTable(app, table) {
  try {
    const result = await castOn(app, table);
    return { result, keptIn: await keep(app, table.campaign_id, result), fault: null };
  } catch (error) {
    const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    return { result: null, keptIn: null, fault: sentences(detail, cure) };
  }
}

/**
 * What the server rolls on a table, said aloud; nothing is kept.
 * @param {import("../app.js").App} app @param {{ id: string, campaign_id: string }} table
 */
export async function castOn(app, table) {
  const address = `/api/campaigns/${table.campaign_id}/things/random_table/${table.id}/roll`;
  const result = /** @type {RolledResult} */ (await app.api.post(address));
  announce(result.text);
  return result;
}

/**
 * The table that is meant by what was written: the one called so, else the only one with that in its name.
 * @param {import("../app.js").App} app @param {string} campaignId @param {string} written
 */
export async function findTable(app, campaignId, written) {
  const tables = await listTables(app, campaignId, written, 2);
  return tableCalled(tables, written) ?? (tables.length === 1 ? tables[0] : null);
}

/**
 * Tables to roll on, those with this in their names.
 * @param {import("../app.js").App} app @param {string} campaignId @param {string} search @param {number} limit @param {AbortSignal} [signal]
 * @returns {Promise<{ id: string, name: string, campaign_id: string }[]>}
 */
export async function listTables(app, campaignId, search, limit, signal) {
  const query = `limit=${limit}&search=${encodeURIComponent(search.trim().slice(0, LONGEST))}`;
  const kinds = THINGS.filter(({ rolledOn }) => rolledOn);
  const pages = await Promise.all(
    kinds.map((kind) => app.api.get(`${apiOfAll(kind, campaignId)}?${query}`, { signal })),
  );
  return pages.flatMap((page, at) => listedOn(kinds[at], page));
}

/** @template {{ name: string }} T @param {T[]} tables @param {string} written @returns {T | undefined} */
export function tableCalled(tables, written) {
  const wanted = written.trim().toLowerCase();
  return tables.find(({ name }) => name.toLowerCase() === wanted);
}

/** @param {import("../app.js").App} app @param {string} campaignId @param {RolledResult} result */
async function keep(app, campaignId, result) {
  const { game_sessions: running } = await app.api.get("/api/running-game-sessions");
  const here = running.find((/** @type {any} */ each) => each.campaign_id === campaignId);
  if (!here) return null;
  const entry = { id: newId(), at: new Date().toISOString(), text: tableRollWords(result) };
  const refusal = await keepAtTable(app, here, { kind: "roll", ...entry });
  if (refusal) toast(sentences(refusal.detail, refusal.cure));
  return refusal ? null : here.session_number;
}
