import { closeMarks } from "../models/open_marks.js";
import { lastBlock, parse, toFragment } from "../markdown.js";

/**
 * Draws a text that grows. Blocks that can no longer change are drawn once; only the last one is
 * drawn again with each frame, so a long reply costs no more at its end than at its start.
 * Where cards come, a box is drawn once and put to its place with each drawing.
 *
 * @typedef {import("../models/shown_reply.js").CardPlace} CardPlace
 */
export class GrowingMarkdown {
  #element;
  #tail;
  #fill;
  #text = "";
  #settled = 0;
  /** How many boxes are in what is drawn once. */
  #settledPlaces = 0;
  #boxes = /** @type {HTMLElement[]} */ ([]);

  /**
   * @param {HTMLElement} element empty, and left alone by everyone else
   * @param {(box: HTMLElement, place: CardPlace) => void} fill draws into a box what comes there
   */
  constructor(element, fill = () => {}) {
    this.#element = element;
    this.#fill = fill;
    this.#tail = document.createElement("div");
    this.#tail.className = "reply__tail";
    element.replaceChildren(this.#tail);
  }

  /** @param {string} text the whole text so far @param {CardPlace[]} [places] in it */
  show(text, places = []) {
    const isSame = text === this.#text && places.length === this.#boxes.length;
    this.#fillBoxes(places);
    if (isSame) return;
    if (!text.startsWith(this.#text.slice(0, this.#settled))) this.#restart();
    this.#text = text;
    let rest = text.slice(this.#settled);
    let tokens = parse(rest, this.#marks(places));
    const last = lastBlock(rest, tokens);
    if (last) {
      const done = tokens.slice(0, last.token);
      this.#tail.before(this.#draw(done));
      this.#settledPlaces += done.filter(({ type }) => type === "card_place").length;
      this.#settled += last.at;
      rest = rest.slice(last.at);
      tokens = tokens.slice(last.token);
    }
    const closed = closeMarks(rest);
    this.#tail.replaceChildren(this.#draw(closed === rest ? tokens : parse(closed, this.#marks(places))));
  }

  /** The places that are not drawn for good, as marks in the rest of the text. @param {CardPlace[]} places */
  #marks(places) {
    return places
      .slice(this.#settledPlaces)
      .map(({ at }, index) => ({ at: Math.max(0, at - this.#settled), name: this.#settledPlaces + index }));
  }

  /** @param {ReturnType<typeof parse>} tokens */
  #draw(tokens) {
    const fragment = toFragment(tokens);
    for (const empty of fragment.querySelectorAll(".card-place")) {
      const box = this.#boxes[Number(empty.className.split("-").at(-1))];
      if (box) empty.replaceWith(box);
    }
    return fragment;
  }

  /** @param {CardPlace[]} places */
  #fillBoxes(places) {
    places.forEach((place, index) => {
      this.#boxes[index] ??= Object.assign(document.createElement("div"), { className: "card-place" });
      this.#fill(this.#boxes[index], place);
    });
    // A block that turned out to be none.
    for (const box of this.#boxes.splice(places.length)) box.remove();
  }

  #restart() {
    this.#settled = 0;
    this.#settledPlaces = 0;
    this.#element.replaceChildren(this.#tail);
  }
}
