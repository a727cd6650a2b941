import { newId } from "../../identity.js";

/**
 * Asks for another answer, or for more of one. Pressed twice, each is asked for once.
 *
 * @typedef {import("../../types.js").TurnAnswer} TurnAnswer
 */
export class AnswerRequests {
  #api;
  #onAnswer;
  /** The replies for which something is being asked. */
  #asking = /** @type {Set<string>} */ (new Set());

  /** @param {import("../../api.js").Api} api @param {(answer: TurnAnswer) => void} onAnswer */
  constructor(api, onAnswer) {
    this.#api = api;
    this.#onAnswer = onAnswer;
  }

  /** Another answer beside this one. @param {string} messageId */
  regenerate(messageId) {
    return this.#ask(messageId, "regenerate", { new_message_id: newId() });
  }

  /** An answer that was cut off goes on, in the same message. @param {string} messageId */
  continueReply(messageId) {
    return this.#ask(messageId, "continue", { turn_id: newId() });
  }

  /**
   * @param {string} messageId @param {"regenerate" | "continue"} what @param {object} body
   * @returns {Promise<boolean>} whether it was asked for now
   */
  async #ask(messageId, what, body) {
    if (this.#asking.has(messageId)) return false;
    this.#asking.add(messageId);
    try {
      this.#onAnswer(await this.#api.post(`/api/replies/${messageId}/${what}`, body));
      return true;
    } finally {
      this.#asking.delete(messageId);
    }
  }
}
