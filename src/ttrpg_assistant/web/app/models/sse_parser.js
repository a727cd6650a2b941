/**
 * Reads server-sent events out of decoded text, however it is cut into pieces.
 *
 * @typedef {{ id: string | null, event: string, data: string }} SseEvent
 */
export class SseParser {
  #begun = /** @type {string[]} */ ([]);
  #endsInReturn = false;
  #lines = /** @type {string[]} */ ([]);
  #id = /** @type {string | null} */ (null);
  #event = "";

  /**
   * @param {string} text the next piece of the stream
   * @returns {SseEvent[]} the events it completes, in order
   */
  push(text) {
    const events = /** @type {SseEvent[]} */ ([]);
    if (this.#endsInReturn && text) {
      // Only now is it known whether the carriage return was half of a pair.
      this.#endsInReturn = false;
      this.#end(events);
      if (text.startsWith("\n")) text = text.slice(1);
    }
    let from = 0;
    for (let at = this.#lineEnd(text, from); at >= 0; at = this.#lineEnd(text, from)) {
      this.#begun.push(text.slice(from, at));
      this.#end(events);
      from = text.startsWith("\r\n", at) ? at + 2 : at + 1;
    }
    const rest = text.slice(from);
    this.#endsInReturn = rest.endsWith("\r");
    // Kept in pieces: a long line is looked through once, however many pieces it comes in.
    if (rest) this.#begun.push(this.#endsInReturn ? rest.slice(0, -1) : rest);
    return events;
  }

  /** A line has ended. @param {SseEvent[]} events */
  #end(events) {
    const event = this.#line(this.#begun.join(""));
    this.#begun = [];
    if (event) events.push(event);
  }

  /** @param {string} text @param {number} from */
  #lineEnd(text, from) {
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 10) return at;
      // A carriage return at the very end may be half of a pair: wait for what follows.
      if (code === 13) return at + 1 < text.length ? at : -1;
    }
    return -1;
  }

  /** @param {string} line @returns {SseEvent | null} */
  #line(line) {
    if (line === "") return this.#finish();
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "data") this.#lines.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return null;
  }

  #finish() {
    const event =
      this.#lines.length > 0 ? { id: this.#id, event: this.#event || "message", data: this.#lines.join("\n") } : null;
    this.#lines = [];
    this.#event = "";
    return event;
  }
}
