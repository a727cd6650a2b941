import { lanes, nextUnanswered, withCutAnswer } from "./models/outbox_rules.js";

/**
 * Answers to messages that wait because the server can store nothing: said now, kept beside the
 * message, and stored with it later.
 *
 * @typedef {import("./types.js").OutboxEntry} OutboxEntry
 * @typedef {import("./types.js").UnsavedAnswer} UnsavedAnswer
 *
 * What answers while the server can store nothing.
 * @typedef {object} Meanwhile
 * @property {(entry: OutboxEntry) => boolean} wanted whether this message can be answered now
 * @property {(entry: OutboxEntry, lane: OutboxEntry[], keep: (answer: UnsavedAnswer | null) => Promise<void>)
 *   => Promise<void>} answer keeps what is said, again and again
 * @property {(entry: OutboxEntry) => Promise<boolean>} isWriting whether any tab is at it
 *
 * @typedef {object} Surroundings
 * @property {(id: string) => boolean} isInFlight whether this message is on its way
 * @property {(what: "added" | "changed") => Promise<void> | void} onChange something kept was changed
 * @property {() => void} onEnd an answer has ended
 */

export class AnsweringMeanwhile {
  #store;
  #meanwhile;
  #around;
  /** Which message of which conversation this tab has answered without storing. */
  #answering = /** @type {Map<string, string>} */ (new Map());

  /**
   * @param {import("./outbox_store.js").OutboxStore} store
   * @param {Meanwhile | undefined} meanwhile
   * @param {Surroundings} around
   */
  constructor(store, meanwhile, around) {
    this.#store = store;
    this.#meanwhile = meanwhile;
    this.#around = around;
  }

  /**
   * Begins what can be answered now: one at a time in a conversation, as it was said.
   * @param {OutboxEntry[]} waiting what waits, as it was read a moment ago
   * @returns {Promise<OutboxEntry[]>} the same, as it is now
   */
  async begin(waiting) {
    const meanwhile = this.#meanwhile;
    if (!meanwhile) return waiting;
    let entries = waiting;
    const cut = entries.filter((entry) => entry.answer?.status === "streaming"); // their tabs may be gone
    for (const entry of cut) await this.whole(entry);
    if (cut.length > 0) entries = await this.#store.list();
    for (const [conversationId, lane] of lanes(entries)) {
      const entry = nextUnanswered(lane);
      if (!entry || this.#answering.has(conversationId) || this.#around.isInFlight(entry.id)) continue;
      if (!meanwhile.wanted(entry)) continue;
      this.#answering.set(conversationId, entry.id);
      meanwhile
        .answer(entry, lane, (answer) => this.#keep(entry.id, answer))
        .finally(() => {
          this.#answering.delete(conversationId);
          this.#around.onChange("added");
          this.#around.onEnd();
        });
    }
    return entries;
  }

  /** @param {string} id @param {UnsavedAnswer | null} answer */
  async #keep(id, answer) {
    const entry = (await this.#store.list()).find((each) => each.id === id);
    if (entry) await this.#store.update({ ...entry, answer });
    await this.#around.onChange("changed");
  }

  /**
   * The entry as it can be delivered; null while its answer is still being written.
   * @param {OutboxEntry} entry
   */
  async whole(entry) {
    if (this.#answering.get(entry.conversation_id) === entry.id) return null;
    if (entry.answer?.status !== "streaming") return entry;
    if (await this.#meanwhile?.isWriting(entry)) return null;
    const whole = withCutAnswer(entry);
    await this.#store.update(whole);
    return whole;
  }
}
