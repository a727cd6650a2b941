/** One pull at a time; one that is asked for meanwhile is done right after, once. */
export class SingleFlight {
  #running = /** @type {Promise<void> | null} */ (null);
  #again = /** @type {(() => Promise<void>) | null} */ (null);

  get isRunning() {
    return this.#running !== null;
  }

  /** @param {() => Promise<void>} pull @returns {Promise<void>} */
  run(pull) {
    if (this.#running) {
      this.#again = pull;
      return this.#running;
    }
    this.#running = pull().finally(() => {
      const again = this.#again;
      this.#running = this.#again = null;
      if (again) this.run(again);
    });
    return this.#running;
  }
}
