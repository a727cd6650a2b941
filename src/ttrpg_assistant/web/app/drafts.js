import { newId } from "./identity.js";

/**
 * What is being written, kept for each conversation across reloads and closed tabs. Written at
 * once, so that closing the tab right after a keystroke loses nothing. Several tabs may write in
 * one conversation: a tab overwrites and removes only what it has last written or taken up itself,
 * and keeps its own text beside another's.
 *
 * @typedef {{ text: string, sending: string | null, edits?: import("./types.js").Edit }} Draft
 *   `sending` is the id under which the text is on its way: when that message is found to have
 *   arrived, the draft has done its work; `edits` is the message it is another wording of
 */
const PREFIX = "ttrpg.draft.";

/** Where this tab's text stands when another's stands in the first place; it outlives a reload. */
const PLACE = "ttrpg.draft-place.";

/** An edit is kept under a name of its own: what else was being written stays. @param {string} conversationId */
export function editOf(conversationId) {
  return `${conversationId}.edit`;
}

export class Drafts {
  /** What this browser would not keep. */
  #held = /** @type {Map<string, Draft>} */ (new Map());
  /** What this tab last wrote or took up, by place. */
  #seen = /** @type {Map<string, string>} */ (new Map());
  /** Where this tab's text stands, when that is not the first place. */
  #places = /** @type {Map<string, string>} */ (new Map());

  /** What stands there now; it is not this tab's to change by that. @param {string} name a conversation's id, or `editOf` it @returns {Draft} */
  get(name) {
    const held = this.#held.get(name);
    if (held) return held;
    try {
      return parse(localStorage.getItem(this.#placeOf(name)) ?? localStorage.getItem(PREFIX + name));
    } catch {
      return parse(null); // not kept at all: begin with an empty page
    }
  }

  /** Takes up what stands there, to go on with it: from now on it is this tab's. @param {string} name @returns {Draft} */
  take(name) {
    const held = this.#held.get(name);
    if (held) return held;
    try {
      for (const place of [this.#placeOf(name), PREFIX + name, ...besides(name)]) {
        const kept = localStorage.getItem(place);
        if (kept === null) continue;
        this.#settle(name, place, kept);
        return parse(kept);
      }
    } catch {
      // Begin with an empty page.
    }
    return parse(null);
  }

  /** @param {string} name @param {Draft} draft */
  keep(name, draft) {
    this.#held.delete(name);
    try {
      const place = this.#freePlace(name);
      if (draft.text === "" && !draft.edits) return localStorage.removeItem(place);
      const kept = JSON.stringify(draft);
      localStorage.setItem(place, kept);
      this.#settle(name, place, kept);
    } catch {
      this.#held.set(name, draft); // no room: kept as long as the page is open
    }
  }

  /** An edit has been left. @param {string} name */
  drop(name) {
    this.keep(name, { text: "", sending: null });
  }

  /**
   * A message is safe: its draft has done its work, whichever tab has written it. What has been
   * written since, here or in another tab, is another draft and stays.
   * @param {string} name @param {string} sending
   */
  finish(name, sending) {
    if (this.#held.get(name)?.sending === sending) this.#held.delete(name);
    try {
      for (const place of [PREFIX + name, ...besides(name)]) {
        if (parse(localStorage.getItem(place)).sending === sending) localStorage.removeItem(place);
      }
    } catch {
      // It was not kept here.
    }
  }

  /** @param {string} name */
  #placeOf(name) {
    return this.#places.get(name) ?? sessionStorage.getItem(PLACE + name) ?? PREFIX + name;
  }

  /** Where this tab may write: where nothing stands, or its own. @param {string} name */
  #freePlace(name) {
    for (const place of [this.#placeOf(name), PREFIX + name]) {
      const kept = localStorage.getItem(place);
      if (kept === null || kept === this.#seen.get(place)) return place;
    }
    return `${PREFIX}${name}~${newId()}`;
  }

  /** @param {string} name @param {string} place @param {string} kept */
  #settle(name, place, kept) {
    this.#seen.set(place, kept);
    if (this.#placeOf(name) === place) return;
    this.#places.set(name, place);
    sessionStorage.setItem(PLACE + name, place);
  }
}

/** Where other tabs have put theirs. @param {string} name */
function besides(name) {
  const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
  return keys.filter((key) => key.startsWith(`${PREFIX}${name}~`)).sort();
}

/** @param {string | null} kept @returns {Draft} */
function parse(kept) {
  const empty = { text: "", sending: null };
  if (kept === null) return empty;
  try {
    return JSON.parse(kept);
  } catch {
    return empty; // unreadable
  }
}
