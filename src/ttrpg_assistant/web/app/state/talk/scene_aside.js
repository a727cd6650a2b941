import { signal } from "@preact/signals";

/**
 * To whom the next words of a scene are said. Who answers is chosen for one message; a whisper
 * lasts until it is ended, also over a reload, so that nothing private is said aloud by mistake.
 *
 * @typedef {import("../../types.js").Aside} Aside
 */
const PREFIX = "ttrpg.whisper.";
const kept = /** @type {Map<string, SceneAside>} */ (new Map());

export class SceneAside {
  #sceneId;
  /** The NPCs chosen to answer, in that order. */
  answering = signal(/** @type {string[]} */ ([]));
  /** The one that is whispered to. */
  whisper;
  /** What the whisper was before a message was taken up to be edited. */
  #before = /** @type {{ whisper: string | null } | null} */ (null);

  /** @param {string} sceneId */
  constructor(sceneId) {
    this.#sceneId = sceneId;
    this.whisper = signal(recall(sceneId));
  }

  /** As it goes with the next message; null: whom the words name, else the next in turn. @returns {Aside | null} */
  get value() {
    if (this.whisper.value) return { whisper_to: this.whisper.value };
    return this.answering.value.length > 0 ? { answering: this.answering.value } : null;
  }

  /** Chooses one to answer, or to be whispered to; chosen again, not any more. @param {string} npcId */
  choose(npcId) {
    if (this.whisper.value) return this.whisperTo(npcId);
    const chosen = this.answering.value;
    this.answering.value = chosen.includes(npcId) ? chosen.filter((id) => id !== npcId) : [...chosen, npcId];
  }

  /** Whispers to this one from now on; null: speaks aloud. @param {string | null} npcId */
  whisperTo(npcId) {
    this.whisper.value = npcId;
    this.answering.value = [];
    remember(this.#sceneId, npcId);
  }

  /** A message is being edited: what was whispered stays whispered. @param {string | null} audience */
  beginEdit(audience) {
    this.#before ??= { whisper: this.whisper.value };
    // Not remembered: after a reload what holds is what held before.
    this.whisper.value = audience;
    this.answering.value = [];
  }

  /** Said, or left as it was. */
  endEdit() {
    if (this.#before) this.whisperTo(this.#before.whisper);
    this.#before = null;
  }

  /** A message has gone: who answers is chosen anew for the next. */
  sent() {
    this.answering.value = [];
  }
}

/** The same for as long as the page is open. @param {string} sceneId */
export function asideOf(sceneId) {
  const aside = kept.get(sceneId) ?? new SceneAside(sceneId);
  kept.set(sceneId, aside);
  return aside;
}

/** @param {string} sceneId */
function recall(sceneId) {
  try {
    return localStorage.getItem(PREFIX + sceneId);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** @param {string} sceneId @param {string | null} npcId */
function remember(sceneId, npcId) {
  try {
    if (npcId) localStorage.setItem(PREFIX + sceneId, npcId);
    else localStorage.removeItem(PREFIX + sceneId);
  } catch {
    // It lasts as long as the page is open.
  }
}
