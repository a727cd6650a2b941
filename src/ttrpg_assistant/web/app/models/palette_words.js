import { palette as words } from "../words/en/palette.js";

/**
 * What is meant by what is typed into the palette: what to do, and with what.
 *
 * @typedef {keyof typeof words.phrases} ActionName
 * @typedef {{ name: ActionName, rest: string }} Asked
 */

const PHRASES = Object.entries(words.phrases)
  .flatMap(([name, phrases]) => phrases.map((phrase) => ({ name: /** @type {ActionName} */ (name), phrase })))
  .sort((a, b) => b.phrase.length - a.phrase.length);

const DICE = /^\d{0,4}d(?:\d|%|f\b)/i;

/** @param {string} query @returns {Asked | null} null when it begins with nothing that can be done */
export function readAsked(query) {
  const text = query.trim();
  const lower = text.toLowerCase();
  for (const { name, phrase } of PHRASES) {
    if (!lower.startsWith(phrase)) continue;
    const after = text.slice(phrase.length);
    if (after === "" || /^[\s:,]/.test(after)) return { name, rest: after.replace(/^[\s:,]+/, "") };
  }
  return DICE.test(text) ? { name: "roll", rest: text } : null;
}
