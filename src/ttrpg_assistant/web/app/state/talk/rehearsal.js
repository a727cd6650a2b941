import { signal } from "@preact/signals";
import { newId } from "../../identity.js";
import { attempt } from "../notices.js";

/**
 * Trying out an NPC: a player's question at hand, hints on its voice, and what showed at the end.
 *
 * @typedef {{ kind: string, sentence: string, message_id: string | null, quote: string | null }} VoiceHint
 * @typedef {{ answers: number, hints: VoiceHint[] }} VoiceCheck
 */

/** How long a model may think over a question, or over a whole rehearsal, in milliseconds. */
const THINKING = 120_000;

export class Rehearsal {
  #app;
  #talk;
  /** What is being waited for. */
  busy = signal(/** @type {"question" | "finish" | null} */ (null));
  check = signal(/** @type {VoiceCheck} */ ({ answers: 0, hints: [] }));
  /** The question proposed last: it gives way to the next one. */
  question = "";
  /** Repeating the same finish is harmless; after more talk it is another one. */
  #finishing = { upTo: "", id: "" };

  /** @param {import("../app.js").App} app @param {import("./talk.js").Talk} talk */
  constructor(app, talk) {
    this.#app = app;
    this.#talk = talk;
  }

  get #path() {
    return `/api/npc-conversations/${this.#talk.id}`;
  }

  /** What a player might say next; "" when there is none. */
  async propose() {
    if (this.busy.value) return "";
    this.busy.value = "question";
    const answer = await attempt(() => this.#app.api.post(`${this.#path}/player-question`, {}, { patience: THINKING }));
    this.busy.value = null;
    this.question = answer?.question ?? this.question;
    return answer?.question ?? "";
  }

  /** Looks over how the voice holds. */
  async look() {
    try {
      this.check.value = await this.#app.api.get(`${this.#path}/voice-hints`);
    } catch (error) {
      // Hints are a courtesy: the next answer asks for them again.
      if (!(/** @type {any} */ (error).detail)) throw error;
    }
  }

  /** Asks what it showed: traits are proposed under the answer. */
  async finish() {
    if (this.busy.value) return;
    this.busy.value = "finish";
    const upTo = this.#talk.entries.value.at(-1)?.id ?? "";
    if (this.#finishing.upTo !== upTo) this.#finishing = { upTo, id: newId() };
    await attempt(() =>
      this.#app.api.post(`${this.#path}/finish-rehearsal`, { message_id: this.#finishing.id }, { patience: THINKING }),
    );
    await this.#talk.catchUp();
    this.busy.value = null;
  }
}

const PREFIX = "ttrpg.rehearsal.";
const held = /** @type {Map<string, string | null>} */ (new Map());

/** The rehearsal of an NPC that was not left yet. @param {string} npcId */
export function openRehearsal(npcId) {
  if (held.has(npcId)) return held.get(npcId) ?? null;
  try {
    return localStorage.getItem(PREFIX + npcId);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** @param {string} npcId @param {string | null} conversationId null: it was left */
export function rememberRehearsal(npcId, conversationId) {
  held.set(npcId, conversationId);
  try {
    if (conversationId) localStorage.setItem(PREFIX + npcId, conversationId);
    else localStorage.removeItem(PREFIX + npcId);
  } catch {
    // It lasts as long as the page is open.
  }
}
