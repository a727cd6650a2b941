import { openDB } from "idb";
import { MOST_WAITING } from "./models/outbox_rules.js";

/**
 * @typedef {import("./types.js").OutboxEntry} OutboxEntry
 *
 * Where waiting messages are kept. `add` resolves only when the entry is safe.
 * @typedef {object} OutboxStore
 * @property {() => Promise<OutboxEntry[]>} list in the order they were accepted
 * @property {(entry: OutboxEntry) => Promise<OutboxEntry>} add throws OutboxFull past the limit
 * @property {(entry: OutboxEntry) => Promise<void>} update does nothing when the entry is gone
 * @property {(id: string, entry: OutboxEntry) => Promise<boolean>} replace puts another in its place, at
 *   once and safely; false when it is gone
 * @property {(id: string) => Promise<void>} remove
 */

/** The outbox holds as many messages as it may. */
export class OutboxFull extends Error {
  /** @override */
  name = "OutboxFull";
}

const VERSION = 1;

/**
 * Opens the browser's own database for the outbox.
 * @param {{ onGone?: () => void }} [listeners] `onGone`: another tab needs a newer version of it
 * @returns {Promise<OutboxStore>} rejects when this browser cannot keep anything
 */
export async function openBrowserStore({ onGone } = {}) {
  const db = await openDB("ttrpg-assistant", VERSION, {
    upgrade(database) {
      const entries = database.createObjectStore("outbox", { keyPath: "order", autoIncrement: true });
      entries.createIndex("id", "id", { unique: true });
    },
    blocking() {
      db.close();
      onGone?.();
    },
    terminated() {
      onGone?.();
    },
  });
  // `strict` waits until the disk has it: the default may lose an accepted message at power loss.
  const strict = /** @type {IDBTransactionOptions} */ ({ durability: "strict" });
  /** @param {string} id @param {OutboxEntry} entry */
  const replace = async (id, entry) => {
    const tx = db.transaction("outbox", "readwrite", strict);
    const key = await tx.store.index("id").getKey(id);
    if (key !== undefined) await tx.store.put({ ...entry, order: Number(key) });
    await tx.done;
    return key !== undefined;
  };
  return {
    list: () => db.getAll("outbox"),
    async add(entry) {
      const tx = db.transaction("outbox", "readwrite", strict);
      const { order: _, ...fresh } = entry;
      const [before, order] = await Promise.all([tx.store.count(), tx.store.add(fresh)]);
      if (before >= MOST_WAITING) {
        tx.abort();
        await tx.done.catch(() => {});
        throw new OutboxFull();
      }
      await tx.done;
      return { ...entry, order: Number(order) };
    },
    replace,
    async update(entry) {
      await replace(entry.id, entry);
    },
    async remove(id) {
      const tx = db.transaction("outbox", "readwrite", strict);
      const key = await tx.store.index("id").getKey(id);
      if (key !== undefined) await tx.store.delete(key);
      await tx.done;
    },
  };
}
