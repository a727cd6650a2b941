/**
 * What a hit of the search says of itself, and where it leads.
 *
 * @typedef {{ text: string, hit: boolean }} Piece
 * @typedef {object} TalkHit
 * @property {string} message_id @property {string} conversation_id @property {"chat" | "thread" | "npc"} kind
 * @property {string} role @property {string | null} mode @property {string} said_at @property {Piece[]} snippet
 * @property {boolean | null} is_on_active_path @property {string | null} title @property {boolean} is_archived
 * @property {string | null} campaign_id @property {string | null} campaign_name
 * @property {string | null} npc_id @property {string | null} npc_name
 */

/** Who said it, where. @param {TalkHit} hit */
export function placeOf(hit) {
  if (hit.kind === "npc") return `${hit.mode === "as" ? "As" : "About"} ${hit.npc_name ?? "an NPC"}`;
  return hit.title ?? (hit.kind === "chat" ? "Chat" : "Conversation");
}

/** @param {{ role: string, mode: string | null, npc_name?: string | null }} said */
export function speakerOf(said) {
  if (said.role === "user") return "You";
  if (said.role === "system") return "Note";
  return (said.mode === "as" && said.npc_name) || "Assistant";
}

/**
 * The screen of a hit's own conversation; null when it has none.
 * @param {{ kind: string, id: string, campaign_id: string | null, npc_id: string | null }} conversation
 * @param {string} messageId
 */
export function conversationLink(conversation, messageId) {
  if (conversation.kind === "chat") return `/chat/${conversation.id}?message=${messageId}`;
  if (conversation.kind === "npc") return conversation.npc_id ? `/npcs/${conversation.npc_id}?message=${messageId}` : null;
  if (!conversation.campaign_id) return null;
  return `/session/${conversation.campaign_id}?thread=${conversation.id}&message=${messageId}`;
}

/** @param {{ kind: string, id: string, campaign_id: string }} thing */
export function thingLink(thing) {
  if (thing.kind === "campaign") return `/campaigns/${thing.id}`;
  if (thing.kind === "npc") return `/npcs/${thing.id}`;
  return `/campaigns/${thing.campaign_id}`;
}

/** @type {Record<string, string>} */
const NAMES = { campaign: "Campaign", npc: "Person", location: "Place", plot_point: "Plot", game_session: "Evening", note: "Note", event: "Event", fact: "Known fact" };

/** What kind of thing it is. @param {string} kind */
export function thingWord(kind) {
  return NAMES[kind] ?? kind;
}

/** The address of the search for these values; empty ones are left out. @param {Record<string, string>} values */
export function searchAddress(values) {
  const given = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
  return `/search${given.size ? `?${given}` : ""}`;
}
