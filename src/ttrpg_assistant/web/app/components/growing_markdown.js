import { closeMarks } from "../models/open_marks.js";
import { lastBlock, parse, toFragment } from "../markdown.js";

/**
 * Draws a text that grows. Blocks that can no longer change are drawn once; only the last one is
 * drawn again with each frame, so a long reply costs no more at its end than at its start.
 */
export class GrowingMarkdown {
  #element;
  #tail;
  #text = "";
  #settled = 0;

  /** @param {HTMLElement} element empty, and left alone by everyone else */
  constructor(element) {
    this.#element = element;
    this.#tail = document.createElement("div");
    this.#tail.className = "reply__tail";
    element.replaceChildren(this.#tail);
  }

  /** @param {string} text the whole text so far */
  show(text) {
    if (text === this.#text) return;
    if (!text.startsWith(this.#text.slice(0, this.#settled))) this.#restart();
    this.#text = text;
    let rest = text.slice(this.#settled);
    let tokens = parse(rest);
    const last = lastBlock(rest, tokens);
    if (last) {
      this.#tail.before(toFragment(tokens.slice(0, last.token)));
      this.#settled += last.at;
      rest = rest.slice(last.at);
      tokens = tokens.slice(last.token);
    }
    const closed = closeMarks(rest);
    this.#tail.replaceChildren(toFragment(closed === rest ? tokens : parse(closed)));
  }

  #restart() {
    this.#settled = 0;
    this.#element.replaceChildren(this.#tail);
  }
}
