/**
 * Decides where a scrolled list stands after its content has changed, so that nothing being read
 * moves. Pure arithmetic; the component measures before the change and applies the answer after.
 *
 * @typedef {{ top: number, height: number, view: number }} Measure
 *   scroll position, height of the content and height of the window onto it, in pixels
 */

/** Closer to the end than this many pixels counts as reading the newest. */
export const END_SLACK = 56;

/** Closer to the start than this many pixels asks for older messages. */
export const START_REACH = 900;

export class ScrollKeeper {
  #following = true;
  #lastTop = 0;
  /** The line at the top when the list was last out of sight, and how far down it stood. */
  place = /** @type {{ id: string, top: number } | null} */ (null);
  /** The message that its reader was led to last. */
  shownTarget = /** @type {object | null} */ (null);
  /** How many sends have been answered by going to the newest. */
  seenSends = 0;

  /** Whether the newest message is being followed. */
  get following() {
    return this.#following;
  }

  /** @param {Measure} at */
  static distanceToEnd(at) {
    return Math.max(0, at.height - at.view - at.top);
  }

  /**
   * The reader, or the page, has scrolled. Any move upwards stops following, however small, or a
   * slow finger could never leave a reply that is growing; coming back to the end resumes it.
   * @param {Measure} at
   */
  scrolled(at) {
    const end = ScrollKeeper.distanceToEnd(at);
    if (at.top < this.#lastTop - 1) this.#following = this.#following && end <= 1;
    else if (at.top > this.#lastTop && end <= END_SLACK) this.#following = true;
    if (!this.#isWhereSet(at)) this.#lastTop = at.top;
  }

  /** Go to the newest and stay there. */
  follow() {
    this.#following = true;
  }

  /** Stay where the reader is. */
  stay() {
    this.#following = false;
  }

  /**
   * Where to stand after a change.
   * @param {Measure} after
   * @param {{ before: number, now: number } | null} anchor where the kept element was and is, from
   *   the top of the window; null when there is none
   */
  settle(after, anchor) {
    const end = Math.max(0, after.height - after.view);
    let top = after.top;
    if (this.#following) top = end;
    else if (anchor) {
      const from = this.#isWhereSet(after) ? this.#lastTop : after.top;
      top = Math.min(end, Math.max(0, from + anchor.now - anchor.before));
    }
    this.#lastTop = top;
    return top;
  }

  /**
   * Whether nobody has scrolled since. A browser cuts a position to whole pixels; counting on from
   * what it was set to, many small changes do not add up to a line that has moved.
   * @param {Measure} at
   */
  #isWhereSet(at) {
    return Math.abs(at.top - this.#lastTop) < 1;
  }
}
