import { signal } from "@preact/signals";
import { newId } from "../../identity.js";
import { parseDice, roll, rolledWords, totalWords } from "../../models/dice.js";
import { tableRollWords } from "../../models/table_rolls.js";
import { sentences } from "../../models/sentences.js";
import { dice as words } from "../../words/en/dice.js";
import { recall, remember } from "../campaign/campaign_last.js";
import { statNumbers } from "../../words/en/stat_numbers.js";
import { announce, attempt, toast } from "../notices.js";
import { castOn, findTable, tableCalled } from "./rolling_tables.js";
import { keepAtTable } from "./table_entries.js";

/**
 * Rolls dice. The server reads what is written, as the built-in model reads it; while it is away,
 * plain dice are rolled here.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {{ id: string, at: string, text: string, waits: boolean }} LoggedRoll
 */

/** Rolled where no game session is there to keep it, newest first. */
export const unkept = signal(/** @type {LoggedRoll[]} */ ([]));

/** How long the server may take before dice are rolled here, in milliseconds. */
const PATIENCE = 3000;

/**
 * Rolls dice or on a random table, and keeps the result in the log of the game session.
 * @param {App} app @param {any} gameSession null where none is kept @param {string} wanted dice as they are said or
 *   written, or the name of a random table
 * @param {{ campaignId?: string | null, tables?: { id: string, name: string, campaign_id: string }[] }} [at] whose
 *   tables may be meant, and those that are known already
 * @returns {Promise<{ fault: string | null, text: string }>} `fault` says why nothing was rolled, and what may be
 *   written; `text` is the roll as one line
 */
export async function rollDice(app, gameSession, wanted, { campaignId, tables = [] } = {}) {
  const whose = campaignId ?? gameSession?.campaign_id ?? null;
  let text;
  try {
    const known = tableCalled(tables, wanted);
    text = known ? tableRollWords(await castOn(app, known)) : await throwDice(app, wanted);
  } catch (error) {
    const { detail, cure, passing } = /** @type {import("../../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    if (passing) return { fault: words.onlyPlain, text: "" };
    const other = whose && (await rollOther(app, whose, wanted));
    if (!other) return { fault: sentences(detail, cure), text: "" };
    if (other.fault) return { fault: other.fault, text: "" };
    text = other.text;
  }
  remember("table.dice", wanted);
  const entry = { id: newId(), at: new Date().toISOString(), text };
  const refusal = gameSession && (await keepAtTable(app, gameSession, { kind: "roll", ...entry }));
  if (refusal) toast(sentences(refusal.detail, refusal.cure));
  if (!gameSession || refusal) unkept.value = [{ ...entry, waits: false }, ...unkept.peek()];
  return { fault: null, text: entry.text };
}

/** Dice as one line; throws why they cannot be rolled. @param {App} app @param {string} wanted */
async function throwDice(app, wanted) {
  let rolled;
  try {
    rolled = await app.api.post("/api/dice", { expression: wanted }, { patience: PATIENCE });
  } catch (error) {
    const plain = /** @type {any} */ (error).passing ? parseDice(wanted) : null;
    if (!plain) throw error;
    rolled = roll(plain);
  }
  announce(words.said(rolled.expression, totalWords(rolled)));
  return rolledWords(rolled);
}

/** What no dice were read in may be the name of a table. @param {App} app @param {string} campaignId @param {string} wanted */
async function rollOther(app, campaignId, wanted) {
  try {
    const table = await findTable(app, campaignId, wanted);
    return table && { fault: null, text: tableRollWords(await castOn(app, table)) };
  } catch (error) {
    const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    return { fault: sentences(detail, cure), text: "" };
  }
}

/** Rolls what was rolled last on this device once more, a d20 at first. @param {App} app @param {any} gameSession */
export function rollAgain(app, gameSession) {
  return rollDice(app, gameSession, recall("table.dice", "d20"));
}

/**
 * Rolls dice that stand on a sheet, into the log of the game session that runs.
 * @param {App} app @param {string} campaignId @param {string} wanted @param {string} label what they are for
 * @returns {Promise<string>} the roll as one line, or why there is none
 */
export async function rollHere(app, campaignId, wanted, label) {
  const page = await attempt(() => app.api.get("/api/running-game-sessions"));
  const here = page?.game_sessions.find((/** @type {any} */ each) => each.campaign_id === campaignId) ?? null;
  const { fault, text } = await rollDice(app, here, wanted);
  return fault ?? statNumbers.rolled(label, text);
}
