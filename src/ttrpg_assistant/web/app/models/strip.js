/**
 * The text without any of the characters at its end. Not by a pattern: one that looks for them there
 * begins anew at each of them in the middle, and a long run of them would hold up the page.
 * @param {string} text @param {string} characters
 */
export function stripEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}
