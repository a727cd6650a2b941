/**
 * Which lines of a conversation are drawn already. The newest fill the window and are there with
 * the first frame; the older ones above them follow, some with each frame, so that neither opening
 * a conversation nor going back to a long one keeps anybody waiting for what is out of sight.
 */

/** Lines of the first frame: more than a window shows. */
export const FIRST_LINES = 10;

/** Lines of each frame after it. */
export const MORE_LINES = 12;

/** Lines above the one that was being read when the conversation was left. */
const ABOVE_PLACE = 4;

export class DrawnLines {
  #hidden = 0;
  #first = /** @type {string | null} */ (null);
  #last = /** @type {string | null} */ (null);

  /** How many of the oldest lines are still to be drawn. */
  get hidden() {
    return this.#hidden;
  }

  /**
   * Takes in which lines there are now. What was drawn stays drawn.
   * @param {string[]} ids oldest first
   * @param {string | null} [place] a line that must be among those drawn
   * @returns {number} how many of the oldest are not to be drawn yet
   */
  see(ids, place = null) {
    const known = this.#first === null ? -1 : ids.indexOf(this.#first);
    const goesOn = known >= 0 || (this.#last !== null && ids.includes(this.#last));
    if (goesOn) this.#hidden = known > 0 ? this.#hidden + known : known < 0 ? 0 : this.#hidden;
    else this.#hidden = Math.max(0, ids.length - FIRST_LINES);
    const at = place === null ? -1 : ids.indexOf(place);
    if (at >= 0) this.#hidden = Math.min(this.#hidden, Math.max(0, at - ABOVE_PLACE));
    this.#first = ids[0] ?? null;
    this.#last = ids.at(-1) ?? null;
    return this.#hidden;
  }

  /** Some more may be drawn. */
  more() {
    this.#hidden = Math.max(0, this.#hidden - MORE_LINES);
  }
}
