import { THINGS } from "../state/campaign/campaign_kinds.js";
import { palette as words } from "../words/en/palette.js";

/**
 * What is meant by what is typed into the palette: what to do, and with what.
 *
 * @typedef {string} ActionName one of `words.phrases`, or `actionFor` a kind of thing
 * @typedef {{ name: ActionName, rest: string }} Asked
 */

/** What makes a thing of a kind. @param {{ name: string }} kind */
export function actionFor({ name }) {
  return `new_${name}`;
}

/** What may be typed for each action. @type {Record<ActionName, string[]>} */
export const PHRASES = {
  ...Object.fromEntries(
    THINGS.map((kind) => [
      actionFor(kind),
      [kind.noun.toLowerCase(), ...kind.synonyms].flatMap((noun) => words.making.map((verb) => `${verb} ${noun}`)),
    ]),
  ),
  ...words.phrases,
};

const LONGEST_FIRST = Object.entries(PHRASES)
  .flatMap(([name, phrases]) => phrases.map((phrase) => ({ name, phrase })))
  .sort((a, b) => b.phrase.length - a.phrase.length);

const DICE = /^\d{0,4}d(?:\d|%|f\b)/i;

/** @param {string} query @returns {Asked | null} null when it begins with nothing that can be done */
export function readAsked(query) {
  const text = query.trim();
  const lower = text.toLowerCase();
  for (const { name, phrase } of LONGEST_FIRST) {
    if (!lower.startsWith(phrase)) continue;
    const after = text.slice(phrase.length);
    if (after === "" || /^[\s:,]/.test(after)) return { name, rest: after.replace(/^[\s:,]+/, "") };
  }
  return DICE.test(text) ? { name: "roll", rest: text } : null;
}
