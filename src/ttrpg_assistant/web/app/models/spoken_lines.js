/**
 * The lines an NPC has spoken, as they stand in an answer: what may be kept as a sample.
 */

/** A sample line is short: more than this is a speech. */
const MOST_CHARACTERS = 500;

/** What the server writes at the end of an answer that was cut off. */
const INTERRUPTED = "[Stream interrupted]";

/** What is done rather than said, or a paragraph's end. */
const BETWEEN = /\*[^*\n]{1,400}\*|\n{2,}/g;
const SENTENCE = /[^.!?…]+(?:[.!?…]+["”’)»]*|$)/g;

/**
 * The sentences spoken in an answer, without what stands between asterisks; the whole speech first
 * when it has several and is short enough.
 * @param {string} text
 * @returns {string[]}
 */
export function spokenLines(text) {
  const parts = withoutMark(text)
    .split(BETWEEN)
    .map(tidy)
    .filter((part) => /\p{L}/u.test(part));
  const sentences = parts
    .flatMap((part) => part.match(SENTENCE) ?? [])
    .map(tidy)
    .filter((line) => /\p{L}/u.test(line));
  const whole = parts.length === 1 ? parts[0] : "";
  const lines = sentences.length > 1 && whole && whole.length <= MOST_CHARACTERS ? [whole, ...sentences] : sentences;
  return [...new Set(lines)].filter((line) => line.length <= MOST_CHARACTERS);
}

/** What was said before an answer was cut off. @param {string} text */
function withoutMark(text) {
  return text.endsWith(INTERRUPTED) ? text.slice(0, -INTERRUPTED.length) : text;
}

/** @param {string} line */
function tidy(line) {
  return line.replace(/\s+/g, " ").trim();
}
