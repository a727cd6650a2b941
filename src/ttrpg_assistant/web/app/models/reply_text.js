import { asParts, endedParts, withChanges } from "./shown_reply.js";

/**
 * The text of one running reply, and what is shown of it, put together from its stream.
 *
 * Offsets count characters as the server does (code points), so that a reader that lost the
 * connection can ask for exactly what is missing. Pieces that arrive between two frames are
 * told to the listener once.
 *
 * @typedef {import("../types.js").Status} Status
 * @typedef {import("../types.js").ShownPart} ShownPart
 */
export class ReplyText {
  #pieces = /** @type {string[]} */ ([]);
  #text = "";
  #changes = /** @type {ShownPart[]} */ ([]);
  #parts = /** @type {ShownPart[]} */ ([]);
  #offset = 0;
  #frameAsked = false;
  #onFrame;
  #listeners = /** @type {Set<(reply: ReplyText) => void>} */ (new Set());

  /**
   * @param {string} messageId
   * @param {(run: () => void) => void} onFrame asks for a call before the next frame
   */
  constructor(messageId, onFrame) {
    this.messageId = messageId;
    /** @type {Status} */
    this.status = "streaming";
    this.#onFrame = onFrame;
  }

  get text() {
    if (this.#pieces.length > 0) {
      this.#text += this.#pieces.join("");
      this.#pieces = [];
    }
    return this.#text;
  }

  /** What is shown so far. */
  get parts() {
    if (this.#changes.length > 0) {
      this.#parts = withChanges(this.#parts, this.#changes);
      this.#changes = [];
    }
    return this.#parts;
  }

  /** The same for another tab; null where it is the text itself. */
  get shown() {
    const { text, parts } = this;
    return parts.length === 1 && parts[0] === text ? null : parts;
  }

  /** The same, when nobody goes on writing it. */
  get ended() {
    return endedParts(this.parts);
  }

  /** Characters received, as the server counts them. */
  get offset() {
    return this.#offset;
  }

  /** @param {(reply: ReplyText) => void} listener @returns {() => void} stops listening */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Starts over from what is stored.
   * @param {string} content @param {ShownPart[] | null} [shown] what is shown of it @param {Status} [status]
   */
  restart(content, shown, status = "streaming") {
    this.#pieces = [];
    this.#text = content;
    this.#changes = [];
    this.#parts = shown ?? asParts(content);
    this.#offset = count(content);
    this.status = status;
    this.#ask();
  }

  /**
   * Adds a piece.
   * @param {string} piece
   * @param {ShownPart[] | null} [shown] what is shown of it, where that is not the piece as it is
   * @param {number | null} [end] the offset after this piece, when the server said it
   * @returns {boolean} false when the piece does not continue the text: the reader must start over
   */
  add(piece, shown = null, end = null) {
    const length = count(piece);
    if (end !== null && end <= this.#offset) return true; // heard already
    if (end !== null && end !== this.#offset + length) return false;
    this.#pieces.push(piece);
    this.#changes.push(...(shown ?? [piece]));
    this.#offset += length;
    this.#ask();
    return true;
  }

  #ask() {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#onFrame(() => {
      this.#frameAsked = false;
      for (const listener of this.#listeners) listener(this);
    });
  }
}

/** Code points in a text. @param {string} text */
export function count(text) {
  let total = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0xd800 || code > 0xdbff || at + 1 === text.length) total += 1;
    else {
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next <= 0xdfff) at += 1;
      total += 1;
    }
  }
  return total;
}
