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

const ROOMS = { chat: "chat-sessions", thread: "threads", npc: "npc-conversations", scene: "scenes" };

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

/** A thread. @param {string} id @returns {Door} */
export function thread(id) {
  return { kind: "thread", open: (api) => api.get(`/api/threads/${id}`) };
}

/** Talk with several NPCs at once. @param {string} id @returns {Door} */
export function scene(id) {
  return { kind: "scene", open: (api) => api.get(`/api/scenes/${id}`) };
}

/**
 * Talk with an NPC: a certain conversation, or the latest, which is made when there is none.
 * @param {string} npcId @param {string | null} campaignId @param {string | null} [id]
 * @returns {Door}
 */
export function npcTalk(npcId, campaignId, id = null) {
  return {
    kind: "npc",
    async open(api) {
      if (id !== null) {
        const { conversations } = await api.get(`/api/npcs/${npcId}/conversations`);
        const found = conversations.find((/** @type {Conversation} */ each) => each.id === id);
        if (found) return found;
      }
      return api.post(`/api/npcs/${npcId}/conversation`, campaignId ? { campaign_id: campaignId } : {});
    },
  };
}

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
