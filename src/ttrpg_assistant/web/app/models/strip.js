/**
 * Characters taken off the ends of a text. Not by a pattern: one that looks for them at the end
 * begins anew at each of them in the middle, and a long run of spaces would hold up the page.
 */

export const SPACES = " \t\r\n\u00a0\ufeff";

/**
 * The text without any of the characters at its ends.
 * @param {string} text
 * @param {string} [characters]
 */
export function strip(text, characters = SPACES) {
  const kept = stripEnd(text, characters);
  let start = 0;
  while (start < kept.length && characters.includes(kept[start])) start += 1;
  return kept.slice(start);
}

/** The text without any of the characters at its end. @param {string} text @param {string} characters */
export function stripEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}
