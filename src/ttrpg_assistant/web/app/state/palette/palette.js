import { signal } from "@preact/signals";
import { fold } from "../../models/folding.js";

/**
 * What the palette offers. Screens and features add their own sources.
 *
 * @typedef {object} Command
 * @property {string} id
 * @property {string} label
 * @property {string} [hint] a quiet word at the right
 * @property {string} icon
 * @property {string} [also] other words it is found by
 * @property {boolean} [isNear] on the screen already: before its namesakes elsewhere
 * @property {boolean} [isMeant] what was typed says to do just this
 * @property {string} [fill] choosing it puts this into the field: what it takes is typed after it
 * @property {() => unknown} [run]
 *
 * @typedef {(query: string) => Command[] | Promise<Command[]>} Source
 */

export const paletteOpen = signal(false);

const sources = /** @type {Set<Source>} */ (new Set());

/** @param {Source} source @returns {() => void} takes it back */
export function registerCommands(source) {
  sources.add(source);
  return () => sources.delete(source);
}

/** Everything that answers to the query, best first. @param {string} query @returns {Promise<Command[]>} */
export async function findCommands(query) {
  const offered = await Promise.all(
    [...sources].map((source) => Promise.resolve(source(query)).catch(() => /** @type {Command[]} */ ([]))),
  );
  const commands = offered.flat();
  // What a screen offers as well is offered once.
  const seen = new Set();
  return rank(
    commands.filter(({ id }) => !seen.has(id) && seen.add(id)),
    query,
  );
}

/** @param {Command[]} commands @param {string} query */
export function rank(commands, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return commands
    .map((command) => ({ command, score: scoreOf(command, words) }))
    .filter(({ score }) => score >= 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

/** More than any number of words found in a name. */
const MEANT = 1000;

/** @param {Command} command @param {string[]} words */
function scoreOf(command, words) {
  const label = fold(command.label);
  const all = `${label} ${fold(`${command.also ?? ""} ${command.hint ?? ""}`)}`;
  let score = command.isNear && words.length > 0 ? 1 : 0;
  if (command.isMeant) score += MEANT;
  for (const word of words) {
    if (label.startsWith(word)) score += 3;
    else if (label.includes(` ${word}`)) score += 2;
    else if (all.includes(word)) score += 1;
    else return -1;
  }
  return score;
}
