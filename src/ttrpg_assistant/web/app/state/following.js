import { signal } from "@preact/signals";
import { ReplyFollower } from "../replies.js";
import { announce } from "./notices.js";

/**
 * Follows the one reply of a conversation that is being written, while the tab is seen.
 *
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").FaultWords} FaultWords
 */

/** What a screen reader is told when a reply has ended. */
const ENDINGS = /** @type {Record<string, string>} */ ({
  complete: "Reply finished.",
  stopped: "Reply stopped.",
  failed: "The reply failed.",
});

export class Following {
  #api;
  #listeners;

  follower = signal(/** @type {ReplyFollower | null} */ (null));

  /** Why a reply failed, by message. */
  reasons = signal(/** @type {ReadonlyMap<string, Partial<FaultWords>>} */ (new Map()));

  /**
   * @param {import("../api.js").Api} api
   * @param {{ onDone: (message: Message) => void, onGone: () => void }} listeners `onGone`: it
   *   cannot be followed, so pull
   */
  constructor(api, listeners) {
    this.#api = api;
    this.#listeners = listeners;
  }

  /** Follows this reply from now on, and no other. @param {Message | null} running */
  follow(running) {
    const wanted = document.hidden ? null : running;
    const now = this.follower.value;
    if (now && now.messageId === wanted?.id) return now.pulled(wanted);
    now?.close();
    this.follower.value = wanted ? this.#begin(wanted) : null;
  }

  /** @param {Message} message */
  #begin(message) {
    const follower = new ReplyFollower(this.#api, message.id, {
      onDone: (whole) => this.#done(whole),
      onStatus: (id, words) => this.#reason(id, words),
      onGone: this.#listeners.onGone,
    });
    if (message.content) follower.reply.restart(message.content);
    follower.run();
    return follower;
  }

  /** @param {Message} message */
  #done(message) {
    this.#listeners.onDone(message);
    announce(ENDINGS[message.status] ?? "The reply was cut off.");
  }

  /** @param {string} id @param {Partial<FaultWords>} words */
  #reason(id, words) {
    if (words.detail) this.reasons.value = new Map([...this.reasons.value, [id, words]]);
  }
}
