import { found } from "../words/en/found.js";
import { messages } from "../words/en/messages.js";
import { controls } from "../words/en/controls.js";
import { KINDS, pathOf } from "../state/campaign/campaign_kinds.js";
import { facts } from "../words/en/facts.js";

/**
 * What a hit of the search says of itself, and where it leads.
 *
 * @typedef {{ text: string, hit: boolean }} Piece
 * @typedef {object} TalkHit
 * @property {string} message_id @property {string} conversation_id @property {"chat" | "thread" | "npc"} kind
 * @property {string} role @property {string | null} mode @property {string} said_at @property {Piece[]} snippet
 * @property {boolean | null} is_on_active_path @property {string | null} title @property {boolean} is_archived
 * @property {string | null} campaign_id @property {string | null} campaign_name
 * @property {string | null} npc_id @property {string | null} npc_name @property {string | null} [purpose]
 */

/** Who said it, where. @param {TalkHit} hit */
export function placeOf(hit) {
  if (hit.kind === "npc" && hit.purpose === "scene") return hit.title ?? found.aScene;
  if (hit.kind === "npc") {
    const npc = hit.npc_name ?? found.anNpc;
    return hit.mode === "as" ? found.asNpc(npc) : found.aboutNpc(npc);
  }
  return hit.title ?? (hit.kind === "chat" ? found.chat : found.conversation);
}

/**
 * @typedef {{ role: string, mode: string | null, speaker_npc_id?: string | null, audience_npc_id?: string | null }} Said
 * @typedef {Record<string, string>} Names what NPCs are called, by id; "" is the one the talk is with
 */

/** Who speaks. @param {Said} said @param {Names} [names] */
export function speakerOf(said, names = {}) {
  if (said.role === "user") return said.mode === "as" && names[""] ? messages.youTo(names[""]) : controls.you;
  if (said.role === "system") return found.note;
  const voice = said.speaker_npc_id ? names[said.speaker_npc_id] : names[""];
  if (said.speaker_npc_id || said.mode === "as") return voice ?? found.aNpc;
  return controls.assistant;
}

/** Who alone hears it; empty for what everybody there hears. @param {Said} said @param {Names} [names] */
export function whisperOf({ role, audience_npc_id: audience }, names = {}) {
  if (!audience) return "";
  return role === "user" ? found.onlyHears(names[audience] ?? found.anNpc) : found.toYouAlone;
}

/**
 * The screen of a conversation, at a message of it if one is named; null when it has none.
 * @param {{ kind: string, id: string, campaign_id?: string | null, npc_id?: string | null }} conversation
 * @param {string} [messageId]
 */
export function conversationLink({ kind, id, campaign_id: campaign, npc_id: npc }, messageId) {
  const place = (/** @type {string} */ path, /** @type {Record<string, string>} */ where) => {
    const query = new URLSearchParams(messageId ? { ...where, message: messageId } : where);
    return query.size ? `${path}?${query}` : path;
  };
  if (kind === "chat") return place(`/chat/${id}`, {});
  if (kind === "npc" && !npc) return campaign ? place(`/session/${campaign}`, { scene: id }) : null; // with several of them
  if (kind === "npc") return npc ? place(`/npcs/${npc}`, { conversation: id }) : null;
  return campaign ? place(`/session/${campaign}`, { thread: id }) : null;
}

/** Of what is no thing by itself, the campaign. @param {{ kind: string, id: string, campaign_id: string }} thing */
export function thingLink(thing) {
  const kind = KINDS[thing.kind];
  return kind ? pathOf(kind, thing) : `/campaigns/${thing.campaign_id}`;
}

/** @type {Record<string, string>} */
const NAMES = { note: found.note, event: found.event, fact: facts.fact };

/** What kind of thing it is. @param {string} kind */
export function thingWord(kind) {
  return KINDS[kind]?.title ?? NAMES[kind] ?? kind;
}

/** The address of the search for these values; empty ones are left out. @param {Record<string, string>} values */
export function searchAddress(values) {
  const given = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
  return `/search${given.size ? `?${given}` : ""}`;
}
