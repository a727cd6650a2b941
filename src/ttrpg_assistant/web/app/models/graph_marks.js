import { THINGS } from "../state/campaign/campaign_kinds.js";
import { ATTITUDES } from "./relation_words.js";

/**
 * How things and relations look in the picture: each kind has a shape and a colour, by its place
 * among the declared kinds; each attitude has its own kind of line. Nothing depends on colour alone.
 */

/** Outlines in a square from -1 to 1, of about the same area. @type {string[]} */
const SHAPES = [
  "M0-1A1 1 0 0 1 0 1A1 1 0 0 1 0-1Z",
  "M-.88-.88H.88V.88H-.88Z",
  "M0-1.2L1.2 0L0 1.2L-1.2 0Z",
  "M0-1.15L1.2.9H-1.2Z",
  "M-.6-1.05H.6L1.2 0L.6 1.05H-.6L-1.2 0Z",
  "M-1.2-.9H1.2L0 1.15Z",
  "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
  "M0-1.2L1.15-.35L.7 1H-.7L-1.15-.35Z",
  "M0-1.3L.38-.45L1.25-.4L.58.18L.8 1.05L0 .57L-.8 1.05L-.58.18L-1.25-.4L-.38-.45Z",
  "M-1.2-.62H1.2V.62H-1.2Z",
];

/** So many colours there are: `--graph-kind-0` and so on. */
export const KIND_COLOURS = 6;

/** @typedef {{ outline: string, colour: number }} Mark */

/** @type {Map<string, Mark>} */
const MARKS = new Map(
  THINGS.map(({ name }, at) => [name, { outline: SHAPES[at % SHAPES.length], colour: at % KIND_COLOURS }]),
);

/** @param {string} kind @returns {Mark} */
export function markOf(kind) {
  return MARKS.get(kind) ?? { outline: SHAPES[0], colour: 0 };
}

/**
 * @typedef {object} LineStyle
 * @property {string} name for style sheets
 * @property {number | null} attitude
 * @property {string} words
 * @property {number[]} dash in pixels
 * @property {number} width in pixels
 */

/** @type {Record<string, Pick<LineStyle, "dash" | "width">>} */
const DRAWN = {
  "-2": { dash: [2, 4], width: 2.5 },
  "-1": { dash: [8, 5], width: 1.75 },
  0: { dash: [12, 3, 2, 3], width: 1.5 },
  1: { dash: [], width: 1.75 },
  2: { dash: [], width: 3.5 },
};

/** One for each attitude, and the last for relations without one. @type {LineStyle[]} */
export const LINES = [
  ...ATTITUDES.map(([attitude, words]) => ({ name: String(attitude + 2), attitude, words, ...DRAWN[attitude] })),
  { name: "none", attitude: null, words: "", dash: [], width: 1 },
];

/** Which of the lines a relation is drawn with. @param {number | null} attitude */
export function lineOf(attitude) {
  const at = LINES.findIndex((line) => line.attitude === attitude);
  return at < 0 ? LINES.length - 1 : at;
}
