import { ReplyBlocks } from "./reply_blocks.js";

/**
 * What is shown of a reply: its words, without the blocks that propose or cite.
 *
 * @typedef {import("../types.js").Message} Message
 */

const read = /** @type {WeakMap<Message, string>} */ (new WeakMap());

/** @param {string} text whether anything in it could be a block */
function mayHoldBlocks(text) {
  return text.includes("```") || text.includes("~~~");
}

/** The shown text of a whole message. @param {Message} message */
export function shownText(message) {
  if (message.role !== "assistant" || !mayHoldBlocks(message.content)) return message.content;
  let shown = read.get(message);
  if (shown === undefined) {
    shown = ReplyBlocks.read(message.content).trimEnd();
    read.set(message, shown);
  }
  return shown;
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

  /** A proposal is being written right now. */
  get isProposing() {
    return this.#blocks.isInsideBlock;
  }

  /** How many have been written. */
  get count() {
    return this.#blocks.count;
  }
}
