import { signal } from "@preact/signals";
import { newId } from "../identity.js";

/**
 * What is done to conversations of every kind.
 *
 * @typedef {import("./desk.js").Desk} Desk
 * @typedef {import("./talk.js").Talk} Talk
 * @typedef {import("../types.js").Conversation} Conversation
 * @typedef {import("../types.js").Entry} Entry
 */

/** The thread that was made last on this page: where threads are shown, it is opened. */
export const threadMade = signal(/** @type {Conversation | null} */ (null));

/** Takes a message back into the composer. @param {Desk} desk @param {Talk} talk @param {Entry} entry */
export async function beginEdit(desk, talk, entry) {
  if (entry.pending) await desk.outbox?.discard(entry.id);
  talk.editing.value = { id: entry.pending ? null : entry.id, text: entry.message.content };
}

/** @param {Desk} desk @param {Talk} talk @returns {boolean} whether there was one to edit */
export function editLast(desk, talk) {
  const last = talk.entries.value.findLast((entry) => entry.message.role === "user" && !entry.pending);
  if (!last || talk.streaming.value || talk.readOnly) return false;
  beginEdit(desk, talk, last);
  return true;
}

/** A new thread that goes on from a message of this one. @param {Desk} desk @param {Talk} talk @param {string} messageId */
export async function branchFrom(desk, talk, messageId) {
  threadMade.value = await desk.api.post(`/api/threads/${talk.id}/branch`, { message_id: messageId });
}

/** Every answer of a conversation has been seen. @param {Desk} desk @param {Conversation} conversation */
export async function markRead(desk, conversation) {
  if (conversation.kind === "thread") await desk.api.post(`/api/threads/${conversation.id}/read`);
  if (conversation.purpose === "scene") await desk.api.post(`/api/scenes/${conversation.id}/read`);
  else if (conversation.kind === "npc") await desk.api.post(`/api/npcs/${conversation.npc_id}/read`);
}

/** Calls talk with an NPC, or a scene, something else. @param {Desk} desk @param {string} id @param {string} title */
export async function renameNpcTalk(desk, id, title) {
  const renamed = await desk.api.patch(`/api/npc-conversations/${id}`, { title });
  const talk = desk.shelf.find(id);
  if (talk?.conversation.value) talk.conversation.value = { ...talk.conversation.value, title: renamed.title };
}

/** Another title, or a voice for the assistant. @param {Desk} desk @param {Talk} talk @param {{ title?: string, personality?: string }} changes */
export async function changeThread(desk, talk, changes) {
  talk.conversation.value = await desk.api.patch(`/api/threads/${talk.id}`, changes);
}

/** Closes a thread, or opens it again. @param {Desk} desk @param {string} id @param {boolean} archived */
export async function setArchived(desk, id, archived) {
  const changed = await desk.api.post(`/api/threads/${id}/${archived ? "archive" : "restore"}`);
  const talk = desk.shelf.find(id);
  if (talk) talk.conversation.value = changed;
  return changed;
}

/**
 * Makes a thread; asked for twice with the same id it is made once.
 * @param {Desk} desk
 * @param {{ purpose: string, campaign_id: string | null, game_session_id?: string, title?: string, personality?: string, id?: string }} wanted
 */
export async function makeThread(desk, { id = newId(), ...wanted }) {
  threadMade.value = await desk.api.post("/api/threads", { ...wanted, id });
  return /** @type {Conversation} */ (threadMade.value);
}
