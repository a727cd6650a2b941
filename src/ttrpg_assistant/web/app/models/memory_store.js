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
    await this.replace(entry.id, entry);
  }

  /** @param {string} id @param {import("../types.js").OutboxEntry} entry */
  async replace(id, entry) {
    const at = this.#entries.findIndex((each) => each.id === id);
    if (at >= 0) this.#entries[at] = { ...entry, order: this.#entries[at].order };
    return at >= 0;
  }

  /** @param {string} id */
  async remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }
}
