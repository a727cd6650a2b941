import { placeWords } from "./folding.js";

/**
 * Where the words of a search stand in a text, as the search itself sees them: whole words, case,
 * accents and joined or decorated letters aside.
 *
 * @typedef {{ words: string[], isPrefix: boolean }} Term
 */

/**
 * What a query looks for; what it leaves out is left out. `others` count as well: what the server
 * says of the other forms of its words.
 * @param {string} query @param {string[][]} [others] @returns {Term[]}
 */
export function termsOf(query, others = []) {
  const found = others.map((words) => ({ words, isPrefix: false }));
  for (const [, minus, phrase, plain] of query.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)) {
    if (minus) continue;
    const text = phrase ?? plain;
    const words = placeWords(text).map(({ word }) => word);
    if (words.length > 0) found.push({ words, isPrefix: phrase === undefined && text.endsWith("*") });
  }
  return found;
}

/**
 * The places of what is looked for, as pairs of offsets, in order.
 * @param {string} text @param {Term[]} terms @returns {[number, number][]}
 */
export function placesOf(text, terms) {
  const words = placeWords(text);
  const beginnings = terms.filter((term) => term.isPrefix && term.words.length === 1);
  /** @type {Map<string, Term[]>} */
  const byFirst = new Map();
  for (const term of terms) {
    if (!beginnings.includes(term)) byFirst.set(term.words[0], [...(byFirst.get(term.words[0]) ?? []), term]);
  }
  /** @type {[number, number][]} */
  const found = [];
  for (let at = 0; at < words.length; at += 1) {
    const begun = [...(byFirst.get(words[at].word) ?? []), ...beginnings];
    const term = begun.find((each) => standsAt(words, at, each));
    if (!term) continue;
    const last = at + term.words.length - 1;
    found.push([words[at].at, words[last].end]);
    at = last;
  }
  return found;
}

/** @param {{ word: string }[]} words @param {number} at @param {Term} term */
function standsAt(words, at, { words: wanted, isPrefix }) {
  return wanted.every((word, n) => {
    const there = words[at + n]?.word;
    if (there === undefined) return false;
    return isPrefix && n === wanted.length - 1 ? there.startsWith(word) : there === word;
  });
}
