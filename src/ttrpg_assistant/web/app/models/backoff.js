/**
 * How long to wait before trying again: doubling from a first wait up to a longest one, with
 * jitter, so that many tabs do not knock at the same moment.
 */
export class Backoff {
  #first;
  #longest;
  #random;
  #failures = 0;

  /** @param {{ first?: number, longest?: number, random?: () => number }} [options] in milliseconds */
  constructor({ first = 1000, longest = 30_000, random = Math.random } = {}) {
    this.#first = first;
    this.#longest = longest;
    this.#random = random;
  }

  get failures() {
    return this.#failures;
  }

  /** The wait after one more failure, in milliseconds: between 75 and 125 per cent of the step. */
  next() {
    const step = Math.min(this.#longest, this.#first * 2 ** this.#failures);
    this.#failures += 1;
    return Math.round(step * (0.75 + this.#random() / 2));
  }

  reset() {
    this.#failures = 0;
  }
}

/**
 * A sleep that can be cut short.
 * @param {number} milliseconds
 * @param {AbortSignal} [wake]
 * @returns {Promise<void>} resolves either way
 */
export function sleep(milliseconds, wake) {
  return new Promise((resolve) => {
    if (wake?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      wake?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    wake?.addEventListener("abort", done);
  });
}
