/**
 * What is being written, kept for each conversation across reloads and closed tabs. Written at
 * once, so that closing the tab right after a keystroke loses nothing.
 *
 * @typedef {{ text: string, sending: string | null, replaces?: string | null }} Draft
 *   `sending` is the id under which the text is on its way: when that message is found to have
 *   arrived, the draft has done its work
 */
const PREFIX = "ttrpg.draft.";

export class Drafts {
  /** What this browser would not keep. */
  #held = /** @type {Map<string, Draft>} */ (new Map());

  /** @param {string} conversationId @returns {Draft} */
  get(conversationId) {
    try {
      const kept = localStorage.getItem(PREFIX + conversationId);
      if (kept) return JSON.parse(kept);
    } catch {
      // Unreadable or not kept at all: begin with an empty page.
    }
    return this.#held.get(conversationId) ?? { text: "", sending: null, replaces: null };
  }

  /** @param {string} conversationId @param {Draft} draft */
  keep(conversationId, draft) {
    this.#held.delete(conversationId);
    try {
      if (draft.text === "") localStorage.removeItem(PREFIX + conversationId);
      else localStorage.setItem(PREFIX + conversationId, JSON.stringify(draft));
    } catch {
      this.#held.set(conversationId, draft); // no room: kept as long as the page is open
    }
  }

  /**
   * A message is safe: its draft has done its work. What has been written since, here or in
   * another tab, is another draft and stays.
   * @param {string} conversationId @param {string} sending
   */
  finish(conversationId, sending) {
    if (this.get(conversationId).sending === sending) this.keep(conversationId, { text: "", sending: null });
  }
}
