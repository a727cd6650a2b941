import { signal } from "@preact/signals";

/**
 * To which message the reader of a conversation is to be led, and what came of it.
 *
 * @typedef {import("../../types.js").Around} Around
 * @typedef {import("../../types.js").Conversation} Conversation
 */

/** Messages around the one that is opened. */
const WINDOW = 60;

export class MessageJump {
  #wanted = /** @type {{ id: string, focus: boolean } | null} */ (null);
  /** The message to show in the middle: a new object each time. */
  target = signal(/** @type {{ id: string, focus: boolean } | null} */ (null));
  /** The message that was asked for is gone. */
  isMissing = signal(false);
  /** The message stands in this other conversation. */
  elsewhere = signal(/** @type {{ conversation: Conversation, messageId: string } | null} */ (null));

  /** @param {string} id @param {boolean} focus */
  begin(id, focus) {
    this.#wanted = { id, focus };
    this.isMissing.value = false;
    this.elsewhere.value = null;
  }

  /** Nothing else was asked for meanwhile. @param {string} id */
  isWanted(id) {
    return this.#wanted?.id === id;
  }

  /**
   * The wanted message among its neighbours; null when none is wanted or it is not to be shown here.
   * @param {import("../../api.js").Api} api @param {string} conversationId
   * @returns {Promise<Around | null>}
   */
  async find(api, conversationId) {
    const wanted = this.#wanted;
    if (!wanted) return null;
    try {
      /** @type {Around} */
      const around = await api.get(
        `/api/messages/${encodeURIComponent(wanted.id)}/around?limit=${WINDOW}&within=${conversationId}`,
      );
      if (this.#wanted !== wanted) return null;
      if (around.conversation.id === conversationId) return around;
      this.elsewhere.value = { conversation: around.conversation, messageId: wanted.id };
    } catch (error) {
      const { status } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (status !== 404 && status !== 422) throw error;
      if (this.#wanted === wanted) this.isMissing.value = true;
    }
    this.#wanted = null;
    return null;
  }

  /** It is on the page now. */
  arrive() {
    this.target.value = this.#wanted;
    this.#wanted = null;
  }

  /** The reader has gone elsewhere. */
  leave() {
    this.#wanted = null;
    this.target.value = null;
    this.isMissing.value = false;
  }
}
