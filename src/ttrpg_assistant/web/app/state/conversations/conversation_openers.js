/**
 * How each kind of conversation is reached on the server. A new kind is one more entry here.
 *
 * @typedef {import("../../types.js").Kind} Kind
 * @typedef {import("../../types.js").Conversation} Conversation
 * @typedef {import("../../api.js").Api} Api
 *
 * @typedef {object} ConversationOpener
 * @property {Kind} kind
 * @property {(api: Api) => Promise<Conversation>} open
 * @property {boolean} [readOnly]
 */

const ROOMS = { chat: "chat-sessions", thread: "threads", npc: "npc-conversations", scene: "scenes" };

/** @param {Kind} kind @param {string} id */
export function conversationPath(kind, id) {
  return `/api/${ROOMS[kind]}/${id}`;
}

/** @param {Kind} kind @param {string} id */
export function messagesPath(kind, id) {
  return `/api/${ROOMS[kind]}/${id}/messages`;
}

/** @param {Kind} kind @param {string} id */
export function turnsPath(kind, id) {
  return `/api/${ROOMS[kind]}/${id}/turns`;
}

/** The campaign's chat that is open now, without a campaign the quick chat; made when there is none. @param {string | null} campaignId @returns {ConversationOpener} */
export function activeChat(campaignId) {
  return {
    kind: "chat",
    open: (api) => api.post("/api/chat-sessions/active", campaignId ? { campaign_id: campaignId } : {}),
  };
}

/** Where the server says which chat is open. @param {string | null} campaignId */
export function activeChatPath(campaignId) {
  return `/api/chat-sessions/active${campaignId ? `?campaign_id=${campaignId}` : ""}`;
}

/** A thread. @param {string} id @returns {ConversationOpener} */
export function thread(id) {
  return { kind: "thread", open: (api) => api.get(`/api/threads/${id}`) };
}

/** Talk with several NPCs at once. @param {string} id @returns {ConversationOpener} */
export function scene(id) {
  return { kind: "scene", open: (api) => api.get(`/api/scenes/${id}`) };
}

/**
 * Talk with an NPC: a certain conversation, or the latest, which is made when there is none.
 * @param {string} npcId @param {string | null} campaignId @param {string | null} [id]
 * @returns {ConversationOpener}
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

/** An earlier chat, to be read. @param {string} id @returns {ConversationOpener} */
export function pastChat(id) {
  return { kind: "chat", readOnly: true, open: (api) => api.get(`/api/chat-sessions/${id}`) };
}
