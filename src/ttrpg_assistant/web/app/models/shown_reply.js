import { ReplyBlocks } from "./reply_blocks.js";
import { outlineOf } from "./proposal_outline.js";

/**
 * What is shown of a reply: its words, without the blocks that propose or cite, and where in them
 * those blocks were.
 *
 * @typedef {import("../types.js").Message} Message
 *
 * Where the cards of one block are drawn.
 * @typedef {object} CardPlace
 * @property {number} place at which character of the message the block begins, as the server says it
 * @property {number} at at which character of the drawn text its cards come
 * @property {import("./proposal_outline.js").Outline[]} outlines what is known of its cards before the server says more
 *
 * @typedef {{ text: string, places: CardPlace[] }} Drawn a text to be drawn, and the places in it
 */

const read = /** @type {WeakMap<Message, ReplyBlocks>} */ (new WeakMap());

/** @param {string} text whether anything in it could be a block */
function mayHoldBlocks(text) {
  return text.includes("```") || text.includes("~~~");
}

/** @param {Message} message @returns {ReplyBlocks | null} null for a message without blocks */
function blocksOf(message) {
  if (message.role !== "assistant" || !mayHoldBlocks(message.content)) return null;
  let blocks = read.get(message);
  if (blocks === undefined) {
    blocks = new ReplyBlocks();
    blocks.feed(message.content);
    blocks.finish();
    read.set(message, blocks);
  }
  return blocks;
}

/** The shown text of a whole message. @param {Message} message */
export function shownText(message) {
  return blocksOf(message)?.shown.trimEnd() ?? message.content;
}

/** A whole message as it is drawn. @param {Message} message @returns {Drawn} */
export function drawnMessage(message) {
  const blocks = blocksOf(message);
  return blocks ? layOut(blocks.shown.trimEnd(), blocks.places) : { text: message.content, places: [] };
}

/** The shown text of a reply that is being written: no half block ever flashes by. */
export class ShownReply {
  #blocks = new ReplyBlocks();
  #fed = "";

  /** @param {string} text the whole reply so far @returns {string} what is shown of it */
  show(text) {
    if (!text.startsWith(this.#fed)) {
      this.#blocks = new ReplyBlocks();
      this.#fed = "";
    }
    this.#blocks.feed(text.slice(this.#fed.length));
    this.#fed = text;
    return this.#blocks.shown;
  }

  /** @param {string} text the whole reply so far @returns {Drawn} */
  draw(text) {
    return layOut(this.show(text), this.#blocks.places);
  }

  /** A proposal is being written right now. */
  get isProposing() {
    return this.#blocks.isInsideBlock;
  }

  /** How many have been written. */
  get count() {
    return this.#blocks.count;
  }
}

/** In a message with more blocks than this the cards of the others are under it. */
const MOST_PLACES = 200;

const TABLE_ROW = /^[ \t]*\|/;

/**
 * The shown text with a blank line where a block was: what follows is a paragraph of its own there,
 * and an item or an indented line still belongs to its list. The rows of a table stay together.
 * @param {string} shown @param {import("./reply_blocks.js").BlockPlace[]} blocks @returns {Drawn}
 */
function layOut(shown, blocks) {
  if (blocks.length === 0) return { text: shown, places: [] };
  const places = /** @type {CardPlace[]} */ ([]);
  const pieces = [];
  let length = 0;
  let before = 0;
  for (const { place, at, proposed, isOpen } of blocks.slice(0, MOST_PLACES)) {
    const end = Math.min(at, shown.length);
    let piece = lines(shown.slice(before, end));
    if (end > 0 && !isInTable(shown, end)) piece += "\n";
    pieces.push(piece);
    length += piece.length;
    before = end;
    places.push({ place, at: length, outlines: isOpen ? [UNKNOWN] : proposed.map(outlineOf) });
  }
  return { text: pieces.join("") + lines(shown.slice(before)), places };
}

/** Whether the lines before and after this character are rows of a table. @param {string} text @param {number} at */
function isInTable(text, at) {
  const row = text.lastIndexOf("\n", at - 2) + 1;
  return TABLE_ROW.test(text.slice(row, at)) && TABLE_ROW.test(text.slice(at));
}

/** @type {import("./proposal_outline.js").Outline} */
const UNKNOWN = { title: "", why: "", rows: [] };

/** With one sign at the end of each line, as Markdown counts them. @param {string} text */
function lines(text) {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
