/**
 * How each kind of conversation is reached on the server. A new kind is one more entry here.
 *
 * @typedef {import("../types.js").Kind} Kind
 * @typedef {import("../types.js").Conversation} Conversation
 * @typedef {import("../api.js").Api} Api
 *
 * @typedef {object} Door
 * @property {Kind} kind
 * @property {(api: Api) => Promise<Conversation>} open
 * @property {boolean} [readOnly]
 */

const ROOMS = { chat: "chat-sessions", thread: "threads", npc: "npc-conversations" };

/** @param {Kind} kind @param {string} id */
export function messagesPath(kind, id) {
  return `/api/${ROOMS[kind]}/${id}/messages`;
}

/** @param {Kind} kind @param {string} id */
export function turnsPath(kind, id) {
  return `/api/${ROOMS[kind]}/${id}/turns`;
}

/** The chat that is open now; made when there is none. @type {Door} */
export const activeChat = {
  kind: "chat",
  open: (api) => api.post("/api/chat-sessions/active"),
};

/** An earlier chat, to be read. @param {string} id @returns {Door} */
export function pastChat(id) {
  return {
    kind: "chat",
    readOnly: true,
    async open(api) {
      let before = "";
      for (;;) {
        const page = await api.get(`/api/chat-sessions?limit=200${before}`);
        const found = page.chat_sessions.find((/** @type {Conversation} */ c) => c.id === id);
        if (found) return found;
        if (!page.has_more) break;
        before = `&before=${encodeURIComponent(page.next_cursor)}`;
      }
      // Not in the list (removed, or of another kind): the messages themselves will say so.
      return /** @type {Conversation} */ (
        /** @type {unknown} */ ({ id, kind: "chat", title: null, status: "archived", message_count: 0 })
      );
    },
  };
}
