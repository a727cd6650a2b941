/**
 * Which lines of a conversation are drawn already. Those that fill the window are there with the
 * first frame: the newest, or those around the one that was being read. The others follow, some
 * with each frame, so that neither opening a conversation nor going back to a long one keeps
 * anybody waiting for what is out of sight.
 */

/** Lines of the first frame: more than a window shows. */
export const FIRST_LINES = 10;

/** Lines of each frame after it. */
export const MORE_LINES = 20;

/** Lines above and below the one that was being read when the conversation was left. */
const ABOVE_PLACE = 4;
const BELOW_PLACE = 24;

export class DrawnLines {
  #above = 0;
  #below = 0;
  #first = /** @type {string | null} */ (null);
  #last = /** @type {string | null} */ (null);

  /** How many of the oldest lines are still to be drawn. */
  get above() {
    return this.#above;
  }

  /** How many of the newest lines are still to be drawn. */
  get below() {
    return this.#below;
  }

  /** How many lines are still to be drawn. */
  get hidden() {
    return this.#above + this.#below;
  }

  /**
   * Takes in which lines there are now. What was drawn stays drawn.
   * @param {string[]} ids oldest first
   * @param {string | null} [place] a line that must be among those drawn; without one, the newest is
   */
  see(ids, place = null) {
    const count = ids.length;
    const at = place === null ? -1 : ids.indexOf(place);
    const first = this.#first === null ? -1 : ids.indexOf(this.#first);
    const last = this.#last === null ? -1 : ids.indexOf(this.#last);
    this.#first = ids[0] ?? null;
    this.#last = ids.at(-1) ?? null;
    if (first < 0 && last < 0) {
      this.#above = Math.max(0, at >= 0 ? at - ABOVE_PLACE : count - FIRST_LINES);
      this.#below = at >= 0 ? Math.max(0, count - at - BELOW_PLACE) : 0;
      return;
    }
    this.#above = first < 0 ? 0 : this.#above + first;
    if (this.#below > 0) this.#below = last < 0 ? 0 : this.#below + count - 1 - last;
    if (at < 0) this.#below = 0;
    else {
      this.#above = Math.min(this.#above, Math.max(0, at - ABOVE_PLACE));
      this.#below = Math.min(this.#below, Math.max(0, count - at - BELOW_PLACE));
    }
  }

  /** Some more may be drawn: those that will be scrolled to without waiting, then the older ones. */
  more() {
    if (this.#below > 0) this.#below = Math.max(0, this.#below - MORE_LINES);
    else this.#above = Math.max(0, this.#above - MORE_LINES);
  }
}
