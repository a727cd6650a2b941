import { newId } from "../../identity.js";
import { sentences } from "../../models/sentences.js";
import { tableRollWords } from "../../models/table_rolls.js";
import { announce, toast } from "../notices.js";
import { keepAtTable } from "./table_entries.js";

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
    const address = `/api/campaigns/${table.campaign_id}/things/random_table/${table.id}/roll`;
    const result = /** @type {RolledResult} */ (await app.api.post(address));
    announce(result.text);
    return { result, keptIn: await keep(app, table.campaign_id, result), fault: null };
  } catch (error) {
    const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    return { result: null, keptIn: null, fault: sentences(detail, cure) };
  }
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
