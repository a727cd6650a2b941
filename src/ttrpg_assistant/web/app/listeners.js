/**
 * Calls what somebody gave to be called. An error in it is reported as any error of the page is,
 * and stops neither the caller nor whoever is called next.
 * @param {() => void} call
 */
function callReporting(call) {
  try {
    call();
  } catch (error) {
    reportError(error);
  }
}

/**
 * The same listeners, none of whose errors reaches the caller.
 * @template {object} Named
 * @param {Named} listeners functions by their names
 * @returns {Named}
 */
export function reporting(listeners) {
  const each = Object.entries(listeners).map(([name, listener]) => [
    name,
    (/** @type {unknown[]} */ ...said) => callReporting(() => listener(...said)),
  ]);
  return Object.fromEntries(each);
}

/**
 * Whoever wants to hear of something, in the order they came.
 * @template Listener
 */
export class ListenerList {
  #all = /** @type {Set<Listener>} */ (new Set());

  /** @param {Listener} listener @returns {() => void} hears nothing more */
  add(listener) {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  /** @param {(listener: Listener) => void} call */
  each(call) {
    for (const listener of [...this.#all]) callReporting(() => call(listener));
  }
}
