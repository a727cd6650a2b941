/**
 * Where a text may be cut: never inside what a reader sees as one character. A family of four, a
 * flag or a letter with its marks is many of the units that `slice` counts.
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Longer than any character of any script. */
const LONGEST = 64;

/**
 * The beginning of a text, at most so many of the units that `length` counts.
 * @param {string} text @param {number} most
 */
export function cutText(text, most) {
  if (text.length <= most) return text;
  const at = segmenter.segment(text.slice(0, most + LONGEST)).containing(most)?.index ?? most;
  // Of one endless heap of marks whole code points are kept.
  return text.slice(0, most - at < LONGEST ? at : startBefore(text, most));
}

/** The first character. @param {string} text */
export function firstCharacter(text) {
  for (const { segment } of segmenter.segment(text.slice(0, LONGEST))) return segment;
  return "";
}

/** The place, or the one before it where it is inside a pair of surrogates. @param {string} text @param {number} at */
function startBefore(text, at) {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
