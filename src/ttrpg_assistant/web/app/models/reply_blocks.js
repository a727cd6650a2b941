/**
 * What is shown of a reply while it streams: its text without the blocks that propose or cite,
 * so that no raw JSON ever flashes by. What cannot be read as a proposal stays as readable text.
 * The same rule as `suggestions/parse.py`; one corpus holds both. The proposals themselves come
 * from the server.
 */

import { cutText } from "./characters.js";
import { Num, readValues } from "./lenient_json.js";
import { isCitation, isDeclared, isSuggestion, unwrap } from "./proposal_kinds.js";
import { FenceSplitter } from "./reply_fences.js";
import { strip } from "./strip.js";

/** @typedef {import('./lenient_json.js').Value} Value */
/** @typedef {import('./lenient_json.js').Reading} Reading */
/** @typedef {import('./reply_fences.js').Block} Block */
/** @typedef {import('./reply_fences.js').TextPiece} TextPiece */
/**
 * Where a block was written that proposes or cites, or that could not be read.
 * @typedef {object} BlockPlace
 * @property {number} place the character (code point) of the reply at which it begins, as the server says it
 * @property {number} at where in the shown text that is
 * @property {Value[]} proposed what it proposes
 * @property {boolean} isOpen it is still being written
 */

/** A longer block is not read. */
export const BLOCK_CHARACTERS = 2_000_000;
/** Proposals and citations taken from one reply. */
export const BLOCK_ITEMS = 50;
/** How much of an unreadable block is shown. */
export const READABLE_CHARACTERS = 2_000;

/** Takes a reply as it comes; what has been shown is never taken back. */
export class ReplyBlocks {
  #splitter = new FenceSplitter();
  /** @type {string[]} */
  #shown = [];
  #length = 0;
  #items = 0;
  /** @type {BlockPlace[]} */
  #places = [];

  // ── Lifecycle ─────────────────────────────────────────────────────────────────────────

  /**
   * The shown text of a whole reply.
   * @param {string} content
   */
  static read(content) {
    const blocks = new ReplyBlocks();
    blocks.feed(content);
    return blocks.finish();
  }

  // ── Actions ───────────────────────────────────────────────────────────────────────────

  /**
   * @param {string} text the next piece of the reply
   * @returns {string} the newly shown text
   */
  feed(text) {
    return this.#take(this.#splitter.feed(text));
  }

  /** @returns {string} all that is shown, now that the reply has ended */
  finish() {
    this.#take(this.#splitter.finish());
    return this.shown;
  }

  /** Everything that may be shown so far. */
  get shown() {
    return this.#shown.join("");
  }

  /** Whether a proposal is being written right now. */
  get isInsideBlock() {
    return this.#splitter.isInsideBlock;
  }

  /** Where in the shown text the blocks were, in their order; the one that is being written too. @returns {BlockPlace[]} */
  get places() {
    const { open } = this.#splitter;
    if (open === null || open.label === "citation") return this.#places;
    return [...this.#places, { place: open.place, at: this.#length, proposed: [], isOpen: true }];
  }

  /** How many proposals and citations have been taken out so far. */
  get count() {
    return this.#items;
  }

  // ── Internal ──────────────────────────────────────────────────────────────────────────

  /** @param {(TextPiece | Block)[]} pieces */
  #take(pieces) {
    let taken = "";
    for (const piece of pieces)
      taken += "text" in piece ? piece.text : this.#placeBlock(piece, this.#length + taken.length);
    if (taken) this.#shown.push(taken);
    this.#length += taken.length;
    return taken;
  }

  /** @param {Block} block @param {number} at where in the shown text it is @returns {string} what is shown in its place */
  #placeBlock(block, at) {
    const place = { place: block.place, at, proposed: /** @type {Value[]} */ ([]), isOpen: false };
    const shown = this.#readBlock(block, place.proposed);
    if (block.label !== "json" || shown !== block.raw) this.#places.push(place);
    return shown;
  }

  /** @param {Block} block @param {Value[]} proposed takes what it proposes @returns {string} what is shown in its place */
  #readBlock(block, proposed) {
    if (block.label === "json") return this.#readCode(block, proposed);
    if (isLongerThan(block.body, BLOCK_CHARACTERS)) return readableText(block.body);
    const reading = readValues(block.body);
    if (reading === null) return readableText(block.body);
    if (!block.isClosed) return readableText(reading.stray) + readableText(spell(reading.values));
    return this.#takeValues(reading, proposed);
  }

  /** @param {Block} block @param {Value[]} proposed */
  #readCode(block, proposed) {
    if (!block.isClosed || isLongerThan(block.body, BLOCK_CHARACTERS)) return block.raw;
    const reading = readValues(block.body);
    if (reading === null || reading.stray) return block.raw;
    const items = unwrap(reading.values);
    const hasRoom = this.#items + items.length <= BLOCK_ITEMS;
    if (!items.length || !hasRoom || !items.every(isDeclared)) return block.raw;
    return this.#takeValues(reading, proposed);
  }

  /** @param {Reading} reading @param {Value[]} proposed */
  #takeValues(reading, proposed) {
    let shown = readableText(reading.stray);
    for (const item of unwrap(reading.values)) {
      const isSource = isCitation(item);
      if (this.#items < BLOCK_ITEMS && (isSource || isSuggestion(item))) {
        this.#items += 1;
        if (!isSource) proposed.push(item);
      } else shown += readableText(spell([item]));
    }
    return shown;
  }
}

/** Whether a text has more characters (code points) than this. @param {string} text @param {number} limit */
function isLongerThan(text, limit) {
  return text.length > limit && (text.length > limit * 2 || [...text].length > limit);
}

/** Text from a block as a paragraph of its own, cut when it is very long. @param {string} text */
function readableText(text) {
  let said = strip(text);
  if (isLongerThan(said, READABLE_CHARACTERS)) {
    const start = [...said.slice(0, READABLE_CHARACTERS * 2)].slice(0, READABLE_CHARACTERS).join("");
    said = `${cutText(said, start.length)}…`;
  }
  return said ? `${said}\n\n` : "";
}

/** Values as lines a person can read: one for each thing said, with its key. @param {Value[]} values */
function spell(values) {
  /** @type {string[]} */
  const lines = [];
  for (const value of values) spellInto(value, "", lines);
  return lines.join("\n");
}

/** @param {Value} value @param {string} key @param {string[]} lines */
function spellInto(value, key, lines) {
  if (value instanceof Map) {
    for (const [name, inner] of value) spellInto(inner, name, lines);
  } else if (Array.isArray(value)) {
    for (const inner of value) spellInto(inner, key, lines);
  } else {
    const text = value instanceof Num ? value.lexeme : String(value ?? "");
    const said = [key, text].filter((part) => strip(part)).join(": ");
    if (said) lines.push(`- ${said}`.replace(/[\r\n]/g, " "));
  }
}
