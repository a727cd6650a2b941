import { signal } from "@preact/signals";
import { newId } from "../../identity.js";
import { parseDice, roll, rolledWords, totalWords } from "../../models/dice.js";
import { sentences } from "../../models/sentences.js";
import { dice as words } from "../../words/en/dice.js";
import { recall, remember } from "../campaign/campaign_last.js";
import { announce, toast } from "../notices.js";
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
 * Rolls, and keeps the result in the log of the game session.
 * @param {App} app @param {any} gameSession null where none is kept @param {string} wanted dice as they are said or written
 * @returns {Promise<{ fault: string | null, text: string }>} `fault` says why nothing was rolled, and what may be
 *   written; `text` is the roll as one line
 */
export async function rollDice(app, gameSession, wanted) {
  let rolled;
  try {
    rolled = await app.api.post("/api/dice", { expression: wanted }, { patience: PATIENCE });
  } catch (error) {
    const { detail, cure, passing } = /** @type {import("../../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    const plain = passing ? parseDice(wanted) : null;
    if (!plain) return { fault: passing ? words.onlyPlain : sentences(detail, cure), text: "" };
    rolled = roll(plain);
  }
  remember("table.dice", wanted);
  announce(words.said(rolled.expression, totalWords(rolled)));
  const entry = { id: newId(), at: new Date().toISOString(), text: rolledWords(rolled) };
  const refusal = gameSession && (await keepAtTable(app, gameSession, { kind: "roll", ...entry }));
  if (refusal) toast(sentences(refusal.detail, refusal.cure));
  if (!gameSession || refusal) unkept.value = [{ ...entry, waits: false }, ...unkept.peek()];
  return { fault: null, text: entry.text };
}

/** Rolls what was rolled last on this device once more, a d20 at first. @param {App} app @param {any} gameSession */
export function rollAgain(app, gameSession) {
  return rollDice(app, gameSession, recall("table.dice", "d20"));
}
