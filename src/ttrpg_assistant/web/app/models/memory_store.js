import { MOST_WAITING } from "./outbox_rules.js";

/**
 * An outbox store that lives as long as the page: for tests, and for a browser that can keep nothing.
 */
export class MemoryStore {
  #entries = /** @type {import("../types.js").OutboxEntry[]} */ ([]);
  #next = 1;

  async list() {
    return [...this.#entries];
  }

  /** @param {import("../types.js").OutboxEntry} entry */
  async add(entry) {
    if (this.#entries.length >= MOST_WAITING) throw Object.assign(new Error(), { name: "OutboxFull" });
    const kept = { ...entry, order: this.#next };
    this.#next += 1;
    this.#entries.push(kept);
    return kept;
  }

  /** @param {import("../types.js").OutboxEntry} entry */
  async update(entry) {
    this.#entries = this.#entries.map((e) => (e.id === entry.id ? { ...entry, order: e.order } : e));
  }

  /** @param {string} id */
  async remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }
}
