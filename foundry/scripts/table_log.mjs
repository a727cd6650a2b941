/** Rolls and combat, written into the log of the game session that runs. */

import { SETTINGS, say, setting, speaksForTable } from "./names.mjs";
import { textOf } from "./plain_text.mjs";
import { Refusal, callTool, report } from "./server.mjs";

const SILENT = new Set(["no_game_session_runs", "no_token"]);

/** A chat message with dice in it. Hooked to `createChatMessage`.
 * @param {any} message
 * @returns {Promise<void>}
 */
export async function logRolls(message) {
  if (!speaksForTable() || !setting(SETTINGS.logsRolls)) return;
  const rolls = [...(message.rolls ?? [])];
  if (rolls.length === 0) return;
  const who = message.speaker?.alias || message.author?.name || "";
  const why = textOf(String(message.flavor ?? ""));
  const told = rolls.map((roll) => `${roll.formula} = ${roll.total}`).join("; ");
  await write("roll", [who, why, told].filter(Boolean).join(": "), `message-${message.id}`);
}

/** A combat that begins, or its next round. Hooked to `updateCombat`, which every browser hears.
 * @param {any} combat
 * @param {{ round?: number | null }} change
 * @returns {Promise<void>}
 */
export async function logRound(combat, change) {
  const round = change.round ?? 0;
  if (round < 1) return;
  const names = [...combat.combatants].map((one) => one.name).join(", ");
  const text = round === 1 ? say("combatBegan", { names }) : say("combatRound", { round: `${round}` });
  await writeCombat(text, `combat-${combat.id}-${round}`);
}

/** Hooked to `updateCombatant`.
 * @param {any} combatant
 * @param {{ defeated?: boolean | null }} change
 * @returns {Promise<void>}
 */
export async function logDefeat(combatant, change) {
  if (change.defeated !== true) return;
  const round = combatant.combat?.round ?? 0;
  const key = `combat-${combatant.combat?.id}-${combatant.id}-down-${round}`;
  await writeCombat(say("combatantDown", { name: combatant.name }), key);
}

/** Hooked to `deleteCombat`.
 * @param {any} combat
 * @returns {Promise<void>}
 */
export async function logCombatEnd(combat) {
  if (!combat.round) return;
  const text = say("combatEnded", { rounds: String(combat.round) });
  await writeCombat(text, `combat-${combat.id}-ended`);
}

/**
 * @param {string} text
 * @param {string} key
 */
async function writeCombat(text, key) {
  if (!speaksForTable() || !setting(SETTINGS.logsCombat)) return;
  await write("combat", text, key);
}

/** One line in the log; the same key twice is one line.
 * @param {string} kind
 * @param {string} text
 * @param {string} key
 */
async function write(kind, text, key) {
  try {
    await callTool("add_table_note", { kind, text, id: key }, { asGm: true });
  } catch (error) {
    // Between game sessions there is no log, and that is nothing to warn of at every roll.
    if (!(error instanceof Refusal) || !SILENT.has(error.code)) report(error);
  }
}
