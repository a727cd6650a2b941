/** What a browser keeps, for units that run without one. */
class Kept {
  #values = new Map();

  get length() {
    return this.#values.size;
  }

  key(at) {
    return [...this.#values.keys()][at] ?? null;
  }

  getItem(key) {
    return this.#values.get(key) ?? null;
  }

  setItem(key, value) {
    this.#values.set(key, String(value));
  }

  removeItem(key) {
    this.#values.delete(key);
  }
}

/** Another tab; `kept` is what earlier ones of the same browser have kept. */
export function openBrowser({ kept = new Kept() } = {}) {
  globalThis.localStorage = kept;
  globalThis.sessionStorage = new Kept();
}
