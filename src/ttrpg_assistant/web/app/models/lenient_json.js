/**
 * Reads the JSON that language models really write: single and typographic quotes, trailing
 * commas, comments, bare words, missing brackets, several values, `key: value` lines.
 * Twin of `llm/lenient.py`; one corpus holds both.
 *
 * Objects are Maps, so that no key a model writes can mean anything to JavaScript; numbers
 * are `Num`s that keep their spelling.
 */

import { SPACES, strip, stripEnd } from "./strip.js";

/** A number as it was written. */
export class Num {
  /** @param {string} lexeme */
  constructor(lexeme) {
    this.lexeme = lexeme;
  }
}

/** @typedef {null | boolean | Num | string | Value[] | Map<string, Value>} Value */
/** @typedef {{ values: Value[], stray: string }} Reading */

/** Values nested deeper than this are not read. */
export const DEPTH = 32;
/** A block with more values than this is not read either. */
export const VALUES = 10_000;

class TooDeep extends Error {}

const SPACE = /[ \t\r\n\u00a0\ufeff]+|\/\/[^\n]*|\/\*.*?\*\/|\/\*.*|#[^\n]*/sy;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const BARE = /[^,}\]\n]+/y;
const BARE_COMMENT = /[ \t](?:\/\/|#)/;
const OPENING = /[{[]/g;
const BARE_KEY = /[^:={}[\],"'\n]{1,200}/uy;
// The second half: the next line begins with a key, so only the comma was forgotten.
const CLOSES =
  /[ \t\r\n\u00a0\ufeff]*(?:[,;:=}\]]|\/\/|\/\*|#|$)|[ \t\r]*\n[ \t\r\n]*["'“]?[A-Za-z_][A-Za-z0-9_]{0,60}["'”]?[ \t]*[:=]/y;
const HEX = /u([0-9a-fA-F]{4})/y;
/** @type {Map<string, string>} */
const ESCAPES = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["b", "\b"],
  ["f", "\f"],
]);
/** @type {Map<string, boolean | null>} */
const WORDS = new Map([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["null", null],
  ["None", null],
  ["undefined", null],
  ["NaN", null],
]);
/** @type {Map<string, RegExp>} what may end a string, by what began it */
const STOPS = new Map([
  ['"', /[\\\n"]/g],
  ["'", /[\\\n'’]/g],
  ["`", /[\\\n`]/g],
  ["“", /[\\\n”"]/g],
  ["”", /[\\\n”"]/g],
  ["‘", /[\\\n’']/g],
  ["«", /[\\\n»]/g],
]);
const KEY_LINE = /^[-*]?[ \t]*\**([A-Za-z_][A-Za-z0-9_ .]{0,60}?)\**[ \t]*[:=]([^\n]*)$/;
const OPENS_OBJECT =
  /^[ \t\r\n]*(?:["'“][A-Za-z_][A-Za-z0-9_]{0,60}["'”][ \t]*:|[A-Za-z_][A-Za-z0-9_]{0,60}[ \t]*:[ \t]*[^ \t\r\n{[])/;

/** One pass over one text. Throws nothing but `TooDeep`. */
class Reader {
  at = 0;
  #count = 0;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  /** @param {RegExp} pattern sticky @returns {RegExpExecArray | null} */
  match(pattern) {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  skip() {
    for (let match = this.match(SPACE); match !== null; match = this.match(SPACE)) {
      this.at += match[0].length;
    }
  }

  peek() {
    return this.text[this.at] ?? "";
  }

  /** @param {number} depth @returns {Value} */
  value(depth) {
    this.#count += 1;
    if (depth > DEPTH || this.#count > VALUES) throw new TooDeep();
    const mark = this.peek();
    if (mark === "{") {
      this.at += 1;
      return this.members(depth);
    }
    if (mark === "[") {
      this.at += 1;
      return this.entries(depth);
    }
    return STOPS.has(mark) ? this.string(mark) : this.word();
  }

  /** @param {number} depth @returns {Map<string, Value>} */
  members(depth) {
    /** @type {Map<string, Value>} */
    const found = new Map();
    for (;;) {
      this.skip();
      const mark = this.peek();
      if (!mark) return found;
      if (mark === "}") {
        this.at += 1;
        return found;
      }
      if (mark === "," || mark === ";" || mark === "]") {
        this.at += 1;
        continue;
      }
      const key = this.key();
      if (key === null) this.at += 1;
      else found.set(key, this.memberValue(depth));
    }
  }

  /** @returns {string | null} */
  key() {
    const mark = this.peek();
    if (STOPS.has(mark)) return this.string(mark);
    const match = this.match(BARE_KEY);
    if (match === null || !strip(match[0])) return null;
    this.at += match[0].length;
    return strip(match[0]);
  }

  /** @param {number} depth @returns {Value} */
  memberValue(depth) {
    this.skip();
    const mark = this.peek();
    if (mark === ":") this.at += 1;
    else if (mark === "=") this.at += this.text.startsWith("=>", this.at) ? 2 : 1;
    else return null;
    this.skip();
    return this.value(depth + 1);
  }

  /** @param {number} depth @returns {Value[]} */
  entries(depth) {
    /** @type {Value[]} */
    const found = [];
    for (;;) {
      this.skip();
      const mark = this.peek();
      if (!mark) return found;
      if (mark === "]") {
        this.at += 1;
        return found;
      }
      if (mark === "," || mark === ";" || mark === "}") {
        this.at += 1;
        continue;
      }
      const start = this.at;
      found.push(this.value(depth + 1));
      if (this.at === start) this.at += 1;
    }
  }

  /** A quoted string; an inner quote that nothing could follow is taken as text. @param {string} mark */
  string(mark) {
    if (this.text.startsWith('"""', this.at)) {
      const end = this.text.indexOf('"""', this.at + 3);
      if (end >= 0) {
        const found = this.text.slice(this.at + 3, end);
        this.at = end + 3;
        return found;
      }
    }
    const stops = /** @type {RegExp} */ (STOPS.get(mark));
    /** @type {string[]} */
    const parts = [];
    this.at += 1;
    for (let stop = this.match(stops); stop !== null; stop = this.match(stops)) {
      parts.push(this.text.slice(this.at, stop.index));
      this.at = stop.index + 1;
      if (stop[0] === "\\") parts.push(this.escape());
      else if (stop[0] === "\n") parts.push("\n");
      else if (this.match(CLOSES) !== null) return wellFormed(parts.join(""));
      else parts.push(stop[0]);
    }
    parts.push(this.text.slice(this.at));
    this.at = this.text.length;
    return wellFormed(stripEnd(parts.join(""), `${SPACES}}]`));
  }

  escape() {
    const match = this.match(HEX);
    if (match !== null) {
      this.at += 5;
      return String.fromCharCode(Number.parseInt(match[1], 16));
    }
    const mark = this.peek();
    this.at += 1;
    return ESCAPES.get(mark) ?? mark;
  }

  /** @returns {Value} */
  word() {
    const match = this.match(BARE);
    if (match === null) return null;
    const comment = BARE_COMMENT.exec(match[0]);
    const said = comment === null ? match[0] : match[0].slice(0, comment.index);
    this.at += said.length;
    const word = strip(said);
    if (NUMBER.test(word)) return new Num(word);
    const known = WORDS.get(word);
    if (known !== undefined) return known;
    return word || null;
  }
}

/** Halves of surrogate pairs that stand alone become U+FFFD. @param {string} text */
function wellFormed(text) {
  return text.toWellFormed();
}

/**
 * The values in a block's body.
 * @param {string} body
 * @returns {Reading | null} null when nothing in it can be read as values
 */
export function readValues(body) {
  const opensObject = OPENS_OBJECT.test(body);
  if (!/[{[]/.test(body) && !(opensObject && body.includes("}"))) return readLines(body);
  const reader = new Reader(body);
  try {
    return opensObject ? { values: [reader.members(1)], stray: "" } : readAll(reader);
  } catch (error) {
    if (error instanceof TooDeep) return null;
    throw error;
  }
}

/** @param {Reader} reader @returns {Reading} */
function readAll(reader) {
  /** @type {Value[]} */
  const values = [];
  /** @type {string[]} */
  const stray = [];
  for (;;) {
    reader.skip();
    const mark = reader.peek();
    if (!mark) break;
    if (mark === "{" || mark === "[") {
      values.push(reader.value(1));
      continue;
    }
    const end = reader.match(OPENING)?.index ?? reader.text.length;
    stray.push(strip(reader.text.slice(reader.at, end), `${SPACES},;}])`));
    reader.at = end;
  }
  return { values, stray: stray.filter((part) => part).join("\n") };
}

/** `key: value` lines. @param {string} body @returns {Reading | null} */
function readLines(body) {
  /** @type {Map<string, Value>} */
  const found = new Map();
  for (const line of body.split("\n")) {
    const said = strip(line);
    if (!said) continue;
    const match = KEY_LINE.exec(said);
    if (match === null) return null;
    found.set(strip(match[1]), strip(strip(match[2], `${SPACES},`), "\"'") || null);
  }
  return found.size ? { values: [found], stray: "" } : null;
}
