import { outlineOf, UNKNOWN } from "./proposal_outline.js";

/**
 * What is shown of a reply, as the server says it: its readable text, and where in it something is
 * proposed or cited.
 *
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").ShownPart} ShownPart
 * @typedef {import("../types.js").ShownBlock} ShownBlock
 *
 * Where the cards of one block are drawn.
 * @typedef {object} CardPlace
 * @property {number} place which block it is, as the server says it
 * @property {number} at at which character of the drawn text its cards come
 * @property {import("./proposal_outline.js").Outline[]} outlines what is known of its cards before they are there
 *
 * @typedef {{ text: string, places: CardPlace[] }} Drawn a text to be drawn, and the places in it
 */

/**
 * Takes what is shown next: a text goes on where the last one ended, a block replaces what was said of it.
 * @param {ShownPart[]} parts @param {ShownPart[]} changes @returns {ShownPart[]}
 */
export function withChanges(parts, changes) {
  const next = [...parts];
  for (const change of changes) {
    if (typeof change === "string") {
      const last = next.at(-1);
      if (typeof last === "string") next[next.length - 1] = last + change;
      else if (change) next.push(change);
      continue;
    }
    const at = next.findLastIndex((part) => typeof part !== "string" && part.place === change.place);
    if (change.is_text) next.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) next.push(change);
    else next[at] = change;
  }
  return next;
}

/** The parts of a text, when it is shown as it is. @param {string} text @returns {ShownPart[]} */
export function asParts(text) {
  return text ? [text] : [];
}

/** The parts of a reply that nobody goes on writing; null where that is its text as it is. @param {ShownPart[]} parts */
export function endedParts(parts) {
  if (!parts.some((part) => typeof part !== "string")) return null;
  return parts.map((part) => (typeof part === "string" || !part.is_open ? part : { place: part.place }));
}

/** The shown text of a whole message. @param {Message} message */
export function shownText({ content, shown }) {
  return shown
    ? shown
        .filter((part) => typeof part === "string")
        .join("")
        .trimEnd()
    : content;
}

const drawn = /** @type {WeakMap<Message, Drawn>} */ (new WeakMap());

/** A whole message as it is drawn. @param {Message} message @returns {Drawn} */
export function drawnMessage(message) {
  if (!message.shown) return { text: message.content, places: [] };
  let known = drawn.get(message);
  if (known === undefined) {
    known = layOut(message.shown);
    drawn.set(message, known);
  }
  return known;
}

/** In a message with more blocks than this the cards of the others are under it. */
const MOST_PLACES = 200;

const TABLE_ROW = /^[ \t]*\|/;

/**
 * The text with a blank line where a block was: what follows is a paragraph of its own there,
 * and an item or an indented line still belongs to its list. The rows of a table stay together.
 * @param {ShownPart[]} parts @returns {Drawn}
 */
export function layOut(parts) {
  const places = /** @type {CardPlace[]} */ ([]);
  let text = "";
  parts.forEach((part, index) => {
    if (typeof part === "string") text += parts.length > 1 ? lines(part) : part;
    else if (places.length < MOST_PLACES) {
      if (text && !(endsInTable(text) && TABLE_ROW.test(nextText(parts, index)))) text += "\n";
      places.push({ place: part.place, at: text.length, outlines: outlinesOf(part) });
    }
  });
  return { text, places };
}

/** @param {ShownBlock} block */
function outlinesOf({ is_open: isOpen, cards = [] }) {
  return isOpen && cards.length === 0 ? [UNKNOWN] : cards.map(outlineOf);
}

/** The text after a block. @param {ShownPart[]} parts @param {number} index */
function nextText(parts, index) {
  return /** @type {string} */ (parts.slice(index + 1).find((part) => typeof part === "string") ?? "");
}

/** Whether the last line is a row of a table. @param {string} text */
function endsInTable(text) {
  return TABLE_ROW.test(text.slice(text.lastIndexOf("\n", text.length - 2) + 1));
}

/** With one sign at the end of each line, as Markdown counts them. @param {string} text */
function lines(text) {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
