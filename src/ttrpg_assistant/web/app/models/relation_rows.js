import { fold } from "./folding.js";
import { byName, called } from "./relation_graph.js";

/**
 * The rows of the list beside the picture.
 *
 * @typedef {import("./relation_graph.js").GraphThing} GraphThing
 */

/** So many rows are there at once. */
const WINDOW = 100;

/** Those with all the words in their name, in the same order. @param {GraphThing[]} things @param {string} query */
export function findRows(things, query) {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return things;
  return things.filter((thing) => words.every((word) => fold(called(thing)).includes(word)));
}

/** @param {GraphThing[]} things */
export function sortRows(things) {
  return [...things].sort(byName);
}

/**
 * Which rows are there: those from `start` on, moved so far that row `at` is among them.
 * @param {number} count @param {number} start @param {number} at -1 for none
 */
export function windowAround(count, start, at) {
  const last = Math.max(0, count - WINDOW);
  let first = Math.min(last, Math.max(0, start));
  if (at >= 0 && (at < first || at >= first + WINDOW)) first = Math.min(last, Math.max(0, at - WINDOW / 2));
  return { start: first, end: Math.min(count, first + WINDOW), step: WINDOW / 2 };
}
