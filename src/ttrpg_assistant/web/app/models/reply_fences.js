/**
 * Finds the fenced blocks of a reply while the reply is still being written, and holds back
 * whatever may still turn out to be the start of one. It looks only at fences and brackets,
 * never at what the JSON says. Twin of `llm/fences.py`; one corpus holds both.
 */

import { strip, stripEnd } from "./strip.js";

/** @typedef {'suggestion' | 'citation' | 'json'} Label */
/** @typedef {{ text: string }} TextPiece */
/**
 * `place` is the character (code point) of the reply at which the block begins.
 * @typedef {{ label: Label, body: string, raw: string, isClosed: boolean, place: number }} Block
 */

const LEAD = String.raw`[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|>[ \t]*)*`;
const LEAD_ONLY = new RegExp(`^${LEAD}`);
const FENCE = new RegExp(`^(${LEAD})(\`{3,}|~{3,})(.*)`, "s");
const MAY_BECOME_FENCE = new RegExp(`^${LEAD}(?:[-*+]|[0-9]{1,9}[.)]?|\`{1,2}|~{1,2})?$`);
const IS_FENCE = new RegExp(`^${LEAD}(?:\`{3}|~{3})`);
const INFO = /^[ \t{.:]*(?:json[5c]?[ \t:_-]+)?(suggestion|citation|json)(s|5|c)?(?![A-Za-z0-9])(.*)/is;
const QUOTE_LEAD = /^[ \t]*(?:>[ \t]?)+/;
const CLOSE_INLINE = /^[ \t,;]*(?:`{3,}|~{3,})(.*)$/s;
const BRACKETS = /\\.|["{}[\]]/gs;
const GOES_ON = "{[,}];)";
const LINE_ENDS = "\r\n";
/** Of the characters that JavaScript counts as two. */
const SECOND_HALVES = /[\udc00-\udfff]/g;

/** A line that is nothing but list marks for longer than this is text. */
export const LEAD_CHARACTERS = 256;

/** @param {string} text */
const trim = (text) => strip(text, " \t");

/**
 * The label an opening fence carries, and the JSON that begins on the same line.
 * @param {string} info
 * @param {string} fence
 * @returns {[Label | null, string]}
 */
function readLabel(info, fence) {
  const match = INFO.exec(info);
  if (match === null) return [null, ""];
  const label = match[1].toLowerCase();
  const tail = trim(match[3]);
  if (label === "json") {
    if (tail && !"{[".includes(tail[0])) return [null, ""];
    return ["json", tail];
  }
  const start = tail.search(/[{[]/);
  if (start < 0 && tail.includes(fence[0])) return [null, ""];
  return [label === "suggestion" ? "suggestion" : "citation", start < 0 ? "" : tail.slice(start)];
}

/** A block whose end has not been seen. */
class OpenBlock {
  /** @type {string[]} */
  body = [];
  nested = 0;
  #depth = 0;
  #inString = false;
  #hasBegun = false;

  /** @param {Label} label @param {string} fence @param {boolean} isQuoted @param {string} line @param {number} place */
  constructor(label, fence, isQuoted, line, place) {
    this.label = label;
    this.place = place;
    this.fence = fence;
    this.isQuoted = isQuoted;
    this.raw = [line];
  }

  /** Every bracket that was opened has been closed. */
  get isWhole() {
    return this.#hasBegun && this.#depth <= 0 && !this.#inString;
  }

  /**
   * Count a line's brackets.
   * @param {string} line
   * @returns {number | null} where the value became whole, if it did on this line
   */
  scan(line) {
    let wholeAt = null;
    for (const match of line.matchAll(BRACKETS)) {
      const mark = match[0];
      if (mark === '"') {
        this.#inString = !this.#inString;
      } else if (this.#inString || mark[0] === "\\") {
        continue;
      } else if (mark === "{" || mark === "[") {
        this.#depth += 1;
        this.#hasBegun = true;
      } else {
        this.#depth -= 1;
        if (this.isWhole) wholeAt = match.index + 1;
      }
    }
    return this.isWhole ? wholeAt : null;
  }
}

/** Cuts a growing reply into text and blocks; however it is cut up when fed, they say the same. */
export class FenceSplitter {
  /** @type {string[]} */
  #held = [];
  /** @type {'undecided' | 'text' | 'held'} */
  #line = "undecided";
  /** @type {string | null} */
  #code = null;
  /** @type {OpenBlock | null} */
  #open = null;
  /** @type {(TextPiece | Block)[]} */
  #out = [];
  /** Characters of the reply taken so far. */
  #at = 0;
  /** Where the line that is being taken begins. */
  #lineAt = 0;

  /** Whether a block is being written and held back. */
  get isInsideBlock() {
    return this.#open !== null;
  }

  /** The block that is being written. @returns {{ label: Label, place: number } | null} */
  get open() {
    return this.#open && { label: this.#open.label, place: this.#open.place };
  }

  /**
   * @param {string} text more of the reply
   * @returns {(TextPiece | Block)[]} what is now certain
   */
  feed(text) {
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf("\n", start) + 1 || text.length;
      this.#take(text.slice(start, end));
      start = end;
    }
    return this.#drain();
  }

  /** @returns {(TextPiece | Block)[]} the rest, now that the reply has ended */
  finish() {
    const line = this.#unhold();
    if (line) this.#wholeLine(line);
    if (this.#open !== null) this.#close(this.#open.isWhole);
    return this.#drain();
  }

  // ── Internal ──────────────────────────────────────────────────────────────────────────

  #drain() {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #unhold() {
    const line = this.#held.join("");
    this.#held = [];
    return line;
  }

  /** @param {string} segment at most one line, its end included */
  #take(segment) {
    const ends = segment.endsWith("\n");
    if (this.#line === "undecided" && this.#held.length === 0) this.#lineAt = this.#at;
    this.#at += segment.length - (segment.match(SECOND_HALVES)?.length ?? 0);
    if (this.#line === "text") {
      this.#say(segment);
    } else {
      this.#held.push(segment);
      if (ends) this.#wholeLine(this.#unhold());
      else if (this.#open === null && this.#line === "undecided") this.#decide(this.#held.join(""));
    }
    if (ends) this.#line = "undecided";
  }

  /** @param {string} start of a line: does it have to be held back? */
  #decide(start) {
    const isTooLong = (LEAD_ONLY.exec(start)?.[0].length ?? 0) > LEAD_CHARACTERS;
    if (!isTooLong && IS_FENCE.test(start)) {
      this.#line = "held";
    } else if (isTooLong || !MAY_BECOME_FENCE.test(start)) {
      this.#held = [];
      this.#say(start);
      this.#line = "text";
    }
  }

  /** @param {string} text */
  #say(text) {
    if (text) this.#out.push({ text });
  }

  /** @param {string} line */
  #wholeLine(line) {
    if (this.#open === null) this.#lineOutside(line);
    else this.#lineInside(this.#open, line);
  }

  /** @param {string} line */
  #lineOutside(line) {
    const match = FENCE.exec(stripEnd(line, LINE_ENDS));
    if (match === null || match[1].length > LEAD_CHARACTERS) {
      this.#say(line);
      return;
    }
    const [, lead, fence, info] = match;
    const [label, first] = readLabel(info, fence);
    const interrupts = label !== "json" && this.#code === fence;
    if (label === null || (this.#code !== null && !interrupts)) {
      this.#noteCode(fence, info);
      this.#say(line);
      return;
    }
    this.#code = null;
    this.#open = new OpenBlock(label, fence, lead.includes(">"), line, this.#lineAt);
    if (first) this.#add(this.#open, first, line, true);
  }

  /** Keep track of ordinary code. @param {string} fence @param {string} info */
  #noteCode(fence, info) {
    if (this.#code === null) {
      if (fence[0] === "~" || !info.includes("`")) this.#code = fence;
    } else if (!trim(info) && fence.startsWith(this.#code)) {
      this.#code = null;
    }
  }

  /** @param {OpenBlock} block @param {string} line */
  #lineInside(block, line) {
    let content = stripEnd(line, LINE_ENDS);
    if (block.isQuoted) content = content.replace(QUOTE_LEAD, "");
    const match = FENCE.exec(content);
    if (match !== null && this.#fenceInside(block, line, match[2], match[3])) return;
    const bare = trim(content);
    if (block.label !== "json" && block.isWhole && bare && !GOES_ON.includes(bare[0])) {
      this.#close(true);
      this.#lineOutside(line);
      return;
    }
    this.#add(block, content, line, false);
  }

  /**
   * Deal with a fence inside a block.
   * @param {OpenBlock} block
   * @param {string} line
   * @param {string} fence
   * @param {string} info
   * @returns {boolean} false when it belongs to the block's body
   */
  #fenceInside(block, line, fence, info) {
    const rest = trim(info);
    if (rest) {
      const [label] = readLabel(info, fence);
      if (label === "suggestion" || label === "citation") {
        this.#close(block.isWhole);
        this.#lineOutside(line);
        return true;
      }
    }
    if (fence[0] !== block.fence[0]) return false;
    if (!rest) {
      if (block.nested) {
        block.nested -= 1;
        return false;
      }
      if (fence.length < block.fence.length && !block.isWhole) return false;
      block.raw.push(line);
      this.#close(true);
      return true;
    }
    if (!block.isWhole || block.label === "json") {
      block.nested += 1;
      return false;
    }
    if (rest.includes(" ")) {
      block.raw.push(line);
      this.#close(true);
      this.#say(rest + lineEnd(line));
    } else {
      this.#close(true);
      this.#lineOutside(line);
    }
    return true;
  }

  /** @param {OpenBlock} block @param {string} content @param {string} line @param {boolean} isOpening */
  #add(block, content, line, isOpening) {
    if (!isOpening) block.raw.push(line);
    const wholeAt = block.scan(content);
    if (wholeAt !== null) {
      const match = CLOSE_INLINE.exec(content.slice(wholeAt));
      const rest = match === null ? "" : trim(match[1]);
      if (match !== null && !(rest && block.label === "json")) {
        block.body.push(content.slice(0, wholeAt));
        this.#close(true);
        if (rest) this.#say(rest + lineEnd(line));
        return;
      }
    }
    block.body.push(`${content}\n`);
  }

  /** @param {boolean} isClosed */
  #close(isClosed) {
    const block = this.#open;
    this.#open = null;
    if (block === null) return;
    this.#out.push({
      label: block.label,
      body: block.body.join(""),
      raw: block.raw.join(""),
      isClosed,
      place: block.place,
    });
  }
}

/** @param {string} line */
function lineEnd(line) {
  return line.slice(stripEnd(line, LINE_ENDS).length);
}
