import { signal } from "@preact/signals";
import { ReplyFollower } from "../../replies.js";
import { sentences } from "../../models/sentences.js";
import { monotonicNow } from "../../monotonic.js";
import { announce } from "../notices.js";
import { messages } from "../../words/en/messages.js";

/**
 * Follows the one reply of a conversation that is being written, while the tab is seen.
 *
 * @typedef {import("../../types.js").Message} Message
 */

/** What a screen reader is told when a reply has ended. */
const ENDINGS = /** @type {Record<string, string>} */ ({
  complete: messages.endedComplete,
  stopped: messages.endedStopped,
  failed: messages.endedFailed,
});

export class Following {
  #api;
  #listeners;
  /** The replies that this tab has asked for. */
  #ours = /** @type {Set<string>} */ (new Set());

  follower = signal(/** @type {ReplyFollower | null} */ (null));

  /**
   * @param {import("../../api.js").Api} api
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

  /** This tab has asked for these replies, and is the first to know of them. @param {Message[]} replies */
  begun(replies) {
    this.#ours = new Set(replies.map(({ id }) => id));
  }

  /** @param {Message} message */
  #begin(message) {
    const follower = new ReplyFollower(this.#api, message.id, {
      onDone: (whole) => this.#done(whole),
      onGone: this.#listeners.onGone,
    });
    if (message.content) follower.reply.restart(message.content, message.shown);
    if (message.reasoning) follower.progress.restart(message.reasoning, null);
    announcePhases(follower.progress);
    follower.run({ atOnce: this.#ours.has(message.id) });
    return follower;
  }

  /** @param {Message} message */
  #done(message) {
    this.#listeners.onDone(message);
    const isCut = message.status === "complete" && message.finish_reason === "length";
    announce(isCut ? messages.endedCut : (ENDINGS[message.status] ?? messages.endedInterrupted));
  }
}

/**
 * A screen reader hears once that the model thinks, or that another attempt is waited for; never
 * the seconds as they pass. @param {import("../../models/reply_progress.js").ReplyProgress} progress
 */
function announcePhases({ phase }) {
  let before = "";
  phase.subscribe((now) => {
    if (!now || now.name === before) return;
    before = now.name;
    if (now.name === "thinking") announce(messages.isThinking);
    if (now.name === "waiting" && now.until !== null) {
      announce(sentences(now.detail, messages.tryingAgainInSeconds(Math.ceil((now.until - monotonicNow()) / 1000))));
    }
  });
}
