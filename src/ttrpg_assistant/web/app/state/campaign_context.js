import { computed, signal } from "@preact/signals";
import { asFault } from "../faults.js";
import { sleep } from "../models/backoff.js";
import { steadyNow } from "../steady.js";

/**
 * Which campaign the quick chat knows: the one on the screen, and none outside of a campaign's
 * table. Links are written one after another and always the latest wish, so that a slow answer for
 * a screen that was left can never undo the link of the one that is seen. A message waits until the
 * link is acknowledged; a link waits until what was written before it is delivered.
 *
 * Leaving takes the campaign from the chat and leaves the game session: the chat stays in the list
 * of that evening, and its next message carries nothing of the campaign.
 *
 * @typedef {{ campaignId: string | null, gameSessionId: string | null }} Link
 * @typedef {import("./desk.js").Desk} Desk
 */

/** How long a link waits for messages on their way, in milliseconds. */
const PATIENCE = 10_000;

/** After a failed link, the next attempt, in milliseconds. */
const AGAIN = 2500;

/** @type {Link} */
const NONE = { campaignId: null, gameSessionId: null };

export class CampaignContext {
  #desk;
  working = signal(false);
  #again = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #wanted = signal(/** @type {Link} */ (NONE));
  /** What the server has acknowledged; null while that is not known. */
  #held = signal(/** @type {Link | null} */ (null));
  fault = signal(/** @type {import("../faults.js").ApiFault | null} */ (null));
  /** Whether any screen of this page has asked for a campaign yet. */
  #touched = false;

  /** Another window has taken the chat elsewhere. */
  taken = computed(() => this.#held.value !== null && !this.#isSettled() && !this.working.value);
  /** The campaign that the next message will carry; undefined while that is not settled. */
  campaignId = computed(() => (this.#isSettled() ? this.#wanted.value.campaignId : undefined));

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    // Another window may take the chat elsewhere. That is seen at once, and taken back only when this
    // window is used again: two windows side by side would otherwise pull at it for ever.
    desk.attend({
      onHint: (hint) => void (hint.event === "conversation" && hint.kind === "chat" && this.#look()),
      onCatchUp: () => this.#look(),
    });
    addEventListener("focus", () => this.#touched && this.#settle(true));
    document.addEventListener("visibilitychange", () => !document.hidden && this.#touched && this.#settle(true));
  }

  /**
   * What a message sent now is asked under: it goes with the message, whenever that arrives. Null while
   * no screen of this page has asked for a campaign: then the chat is as it was left.
   */
  askedUnder() {
    const { campaignId, gameSessionId } = this.#wanted.value;
    return this.#touched ? { campaign_id: campaignId, game_session_id: gameSessionId } : null;
  }

  /** A campaign comes onto the screen, or its running game session changes. @param {string} campaignId @param {string | null} gameSessionId */
  enter(campaignId, gameSessionId) {
    this.#want({ campaignId, gameSessionId });
  }

  /** A campaign leaves the screen. Another may have come already: then that one stays. @param {string} campaignId */
  leave(campaignId) {
    if (this.#wanted.value.campaignId === campaignId) this.#want(NONE);
  }

  /** Whether a chat as it was loaded may be written into from a screen without a campaign. @param {{ campaign_id?: string | null } | null} chat */
  isFree(chat) {
    if (this.campaignId.value === null) return true;
    return !this.#touched && chat !== null && !chat.campaign_id;
  }

  /** A screen without a campaign shows this chat: it is to know none. @param {{ campaign_id?: string | null }} chat */
  clear(chat) {
    if (!this.isFree(chat)) this.#want(NONE);
  }

  /** Tries again at once, or takes the chat back from another window. */
  retry() {
    return this.#settle(true);
  }

  /** @param {Link} link */
  #want(link) {
    this.#touched = true;
    const { campaignId, gameSessionId } = this.#wanted.value;
    if (link.campaignId !== campaignId || link.gameSessionId !== gameSessionId) this.#wanted.value = link;
    this.#settle();
  }

  #isSettled() {
    const held = this.#held.value;
    const wanted = this.#wanted.value;
    return (
      held !== null &&
      held.campaignId === wanted.campaignId &&
      (wanted.campaignId === null || held.gameSessionId === wanted.gameSessionId)
    );
  }

  /** Sees where the chat is, without changing it. */
  async #look() {
    if (!this.#touched || this.working.value || document.hidden) return;
    const wanted = this.#wanted.value;
    try {
      const chat = await this.#desk.api.get("/api/chat-sessions/active");
      if (chat && !this.working.value && wanted === this.#wanted.value) this.#held.value = linkOf(chat);
    } catch (error) {
      // Looked at again with the next hint; what is known stays.
      asFault(error);
    }
  }

  async #settle(doubting = false) {
    if (this.working.value) return;
    this.working.value = true;
    clearTimeout(this.#again);
    try {
      let doubt = doubting;
      while (doubt || !this.#isSettled()) {
        doubt = false;
        await this.#write(this.#wanted.value);
      }
      this.fault.value = null;
    } catch (error) {
      this.#held.value = null;
      this.fault.value = asFault(error);
      this.#again = setTimeout(() => this.#settle(), AGAIN);
    } finally {
      this.working.value = false;
    }
  }

  /** @param {Link} wanted */
  async #write(wanted) {
    const { api } = this.#desk;
    const chat = await api.post("/api/chat-sessions/active");
    const now = linkOf(chat);
    const right =
      now.campaignId === wanted.campaignId &&
      (wanted.campaignId === null || now.gameSessionId === wanted.gameSessionId);
    if (right) return void (this.#held.value = now);
    await this.#delivered(chat.id);
    await this.#begun(chat.id);
    if (wanted !== this.#wanted.value) return;
    const gameSessionId = wanted.campaignId === null ? now.gameSessionId : wanted.gameSessionId;
    const linked = await api.post(`/api/chat-sessions/${chat.id}/link`, {
      campaign_id: wanted.campaignId,
      game_session_id: gameSessionId,
    });
    this.#held.value = linkOf(linked);
  }

  /** What waits for its answer is answered with the campaign it was asked under: its facts are read by the first word. @param {string} chatId */
  async #begun(chatId) {
    const end = steadyNow() + PATIENCE;
    while (steadyNow() < end) {
      const { messages } = await this.#desk.api.get(`/api/chat-sessions/${chatId}/messages?limit=10`);
      if (!messages.some((/** @type {any} */ each) => each.status === "streaming" && each.content === "")) return;
      await sleep(120);
    }
  }

  /** What was written for the campaign before is sent while the chat still knows that one. @param {string} chatId */
  #delivered(chatId) {
    const left = () =>
      this.#desk.waiting.value.some((entry) => entry.conversation_id === chatId && entry.state === "waiting");
    if (!left()) return Promise.resolve();
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const end = setTimeout(done, PATIENCE);
        const stop = this.#desk.waiting.subscribe(() => {
          if (!left()) queueMicrotask(done);
        });
        function done() {
          clearTimeout(end);
          stop();
          resolve();
        }
      })
    );
  }
}

/** @param {any} chat @returns {Link} */
function linkOf(chat) {
  return { campaignId: chat.campaign_id, gameSessionId: chat.game_session_id };
}

const contexts = /** @type {WeakMap<Desk, CampaignContext>} */ (new WeakMap());

/** @param {Desk} desk */
export function contextOf(desk) {
  const known = contexts.get(desk) ?? new CampaignContext(desk);
  contexts.set(desk, known);
  return known;
}
