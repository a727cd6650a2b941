import { signal } from "@preact/signals";
import { editOf } from "../../drafts.js";
import { newId } from "../../identity.js";
import { toast } from "../notices.js";
import { messages } from "../../words/en/messages.js";

/**
 * What is done to conversations of every kind.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {import("../talk/talk.js").Talk} Talk
 * @typedef {import("../../types.js").Conversation} Conversation
 * @typedef {import("../../types.js").Entry} Entry
 * @typedef {import("../../types.js").Edit} Edit
 * @typedef {import("../../types.js").Editing} Editing
 */

/** The thread that was made last on this page: where threads are shown, it is opened. */
export const threadMade = signal(/** @type {Conversation | null} */ (null));

/**
 * Takes a message back into the composer; what stands there comes back when the edit is over. One
 * that is not saved yet stays where it waits, and is not sent meanwhile.
 * @param {App} app @param {Talk} talk @param {Entry} entry
 */
export async function beginEdit(app, talk, { id, message, pending }) {
  const now = talk.editing.value;
  if (talk.id === null || now?.id === id) return;
  if (!pending && talk.streaming.value) return toast(messages.stopFirst);
  if (now && now.text !== now.was) return toast(messages.editFirst);
  await leaveEdit(app, talk);
  // What an edit was to replace may be gone for good: the server has said so.
  const replaces = pending?.fault?.status === 404 ? null : pending ? pending.replaces : id;
  const was = message.content;
  /** @type {Edit} */
  const edits = { id, replaces, was, mode: message.mode ?? null, audience: message.audience_npc_id ?? null };
  keepEdit(app, talk, { ...edits, text: was });
  talk.editing.value = { ...edits, text: was };
  if (pending) await app.outbox?.hold(id);
}

/** Keeps the wording as it stands now. @param {App} app @param {Talk} talk @param {Editing} editing */
export function keepEdit(app, talk, { text, ...edits }) {
  if (talk.id !== null) app.drafts.keep(editOf(talk.id), { text, sending: null, edits });
}

/** An edit that a reload has cut short goes on. @param {App} app @param {Talk} talk */
export function resumeEdit(app, talk) {
  const { id } = talk;
  if (id === null || talk.readOnly || talk.editing.value) return;
  const { text, edits } = app.drafts.take(editOf(id));
  if (edits) return void (talk.editing.value = { ...edits, text });
  // Nobody edits these any more.
  for (const entry of app.waiting.value) {
    if (entry.conversation_id === id && entry.held) app.outbox?.release(entry.id);
  }
}

/** Leaves a message as it was. @param {App} app @param {Talk} talk */
export async function leaveEdit(app, talk) {
  const editing = talk.editing.value;
  if (!editing) return;
  endEdit(app, talk);
  await app.outbox?.release(editing.id);
}

/**
 * The edit is over, and what stood in the composer comes back. What was typed on while the new
 * wording was on its way follows it.
 * @param {App} app @param {Talk} talk @param {string} [typedOn]
 */
export function endEdit({ drafts }, talk, typedOn = "") {
  const { id } = talk;
  if (id === null) return;
  drafts.drop(editOf(id));
  if (typedOn !== "") {
    drafts.keep(id, { text: [drafts.take(id).text, typedOn].filter(Boolean).join("\n\n"), sending: null });
  }
  talk.editing.value = null;
}

/** A message that was waiting when it was taken up may have arrived since. @param {Talk} talk @param {Editing} editing @returns {Edit} */
export function asItStands(talk, { text: _, ...edits }) {
  const arrived = talk.entries.value.some(({ id, pending }) => id === edits.id && !pending);
  return arrived ? { ...edits, replaces: edits.id } : edits;
}

/** @param {App} app @param {Talk} talk @returns {boolean} whether there was one to edit */
export function editLast(app, talk) {
  const last = talk.entries.value.findLast((entry) => entry.message.role === "user" && !entry.pending);
  if (!last || talk.streaming.value || talk.readOnly) return false;
  beginEdit(app, talk, last);
  return true;
}

/** A new thread that goes on from a message of this one. @param {App} app @param {Talk} talk @param {string} messageId */
export async function branchFrom(app, talk, messageId) {
  threadMade.value = await app.api.post(`/api/threads/${talk.id}/branch`, { message_id: messageId });
}

/** Every answer of a conversation has been seen. @param {App} app @param {Conversation} conversation */
export async function markRead(app, conversation) {
  if (conversation.kind === "thread") await app.api.post(`/api/threads/${conversation.id}/read`);
  if (conversation.purpose === "scene") await app.api.post(`/api/scenes/${conversation.id}/read`);
  else if (conversation.kind === "npc") await app.api.post(`/api/npcs/${conversation.npc_id}/read`);
}

/** Calls talk with an NPC, or a scene, something else. @param {App} app @param {string} id @param {string} title */
export async function renameNpcTalk(app, id, title) {
  const renamed = await app.api.patch(`/api/npc-conversations/${id}`, { title });
  const talk = app.openConversations.find(id);
  if (talk?.conversation.value) talk.conversation.value = { ...talk.conversation.value, title: renamed.title };
}

/** Another title, or a voice for the assistant. @param {App} app @param {Talk} talk @param {{ title?: string, personality?: string }} changes */
export async function changeThread(app, talk, changes) {
  talk.conversation.value = await app.api.patch(`/api/threads/${talk.id}`, changes);
}

/** Closes a thread, or opens it again. @param {App} app @param {string} id @param {boolean} archived */
export async function setArchived(app, id, archived) {
  const changed = await app.api.post(`/api/threads/${id}/${archived ? "archive" : "restore"}`);
  const talk = app.openConversations.find(id);
  if (talk) talk.conversation.value = changed;
  return changed;
}

/**
 * Makes a thread; asked for twice with the same id it is made once.
 * @param {App} app
 * @param {{ purpose: string, campaign_id: string | null, game_session_id?: string, title?: string, personality?: string, id?: string }} wanted
 */
export async function makeThread(app, { id = newId(), ...wanted }) {
  threadMade.value = await app.api.post("/api/threads", { ...wanted, id });
  return /** @type {Conversation} */ (threadMade.value);
}
