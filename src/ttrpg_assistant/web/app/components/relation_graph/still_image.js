/**
 * A picture that takes long to draw is moved as an image of itself, and drawn again when it rests.
 *
 * @typedef {import("../../models/graph_view.js").View} View
 * @typedef {import("../../models/graph_view.js").Size} Size
 */

/** What takes longer to draw, in milliseconds, is moved as an image. */
const SLOW = 9;

/** It rests when it was not moved for so long, in milliseconds. */
const REST = 110;

export class StillImage {
  #copy = new OffscreenCanvas(1, 1);
  #isCopied = false;
  #took = 0;
  /** @type {View | null} */
  #drawn = null;
  #resting = 0;

  /** Notes what was just drawn, and for how long. @param {View} view @param {number} took in milliseconds */
  note(view, took) {
    this.#drawn = view;
    this.#took = took;
    this.#isCopied = false;
    clearTimeout(this.#resting);
  }

  /**
   * Shows the image where the view is now; false when it is to be drawn instead.
   * @param {CanvasRenderingContext2D} context a unit is a CSS pixel @param {View} view @param {Size} size
   * @param {string} ground @param {() => void} onRest
   */
  show(context, view, { width, height }, ground, onRest) {
    if (!this.#drawn || this.#took < SLOW) return false;
    if (!this.#isCopied) {
      const { canvas } = context;
      Object.assign(this.#copy, { width: canvas.width, height: canvas.height });
      this.#copy.getContext("2d", { alpha: false })?.drawImage(canvas, 0, 0);
      this.#isCopied = true;
    }
    const grown = view.scale / this.#drawn.scale;
    const x = (this.#drawn.x - view.x) * view.scale + width / 2 - (grown * width) / 2;
    const y = (this.#drawn.y - view.y) * view.scale + height / 2 - (grown * height) / 2;
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    context.drawImage(this.#copy, x, y, grown * width, grown * height);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(onRest, REST);
    return true;
  }

  close() {
    clearTimeout(this.#resting);
  }
}
