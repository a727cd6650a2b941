/**
 * Where the words of a search stand in a text, as the search itself sees them: whole words, case
 * and accents aside.
 *
 * @typedef {{ words: string[], isPrefix: boolean }} Term
 */

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Case and accents taken off. @param {string} text */
export function folded(text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
}

/** What a query looks for; what it leaves out is left out. @param {string} query @returns {Term[]} */
export function termsOf(query) {
  const found = [];
  for (const [, minus, phrase, plain] of query.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)) {
    if (minus) continue;
    const text = phrase ?? plain;
    const words = [...text.matchAll(WORD)].map(([word]) => folded(word));
    if (words.length > 0) found.push({ words, isPrefix: phrase === undefined && text.endsWith("*") });
  }
  return found;
}

/**
 * The places of what is looked for, as pairs of offsets, in order.
 * @param {string} text @param {Term[]} terms @returns {[number, number][]}
 */
export function placesOf(text, terms) {
  const words = [...text.matchAll(WORD)].map((match) => ({
    at: match.index,
    end: match.index + match[0].length,
    word: folded(match[0]),
  }));
  /** @type {[number, number][]} */
  const found = [];
  for (let at = 0; at < words.length; at += 1) {
    const term = terms.find((each) => standsAt(words, at, each));
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
