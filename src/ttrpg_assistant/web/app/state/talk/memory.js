import { signal } from "@preact/signals";
import { conversationLink, searchAddress } from "../../models/search_words.js";
import { navigate } from "../../router.js";

/**
 * What a conversation remembers of the talk that its prompts cannot hold any more.
 *
 * @typedef {import("../app.js").App} App
 *
 * @typedef {object} Summary
 * @property {string} id @property {string} conversation_id @property {number} level
 * @property {"about" | "as" | null} mode @property {string | null} hearer_npc_id
 * @property {string} first_message_id @property {string} last_message_id
 * @property {string} first_at @property {string} last_at @property {number} message_count
 * @property {string} text @property {string} made_text @property {string | null} own_text
 * @property {string} made_by @property {string | null} outdated_at
 *
 * @typedef {{ summaries: Summary[], elsewhere: Summary[], names: Record<string, string>, is_at_work: boolean, whole_history: boolean }} Remembered
 */

/** The conversation whose memory is looked at, or null. */
export const askedMemory = signal(/** @type {string | null} */ (null));

/** @param {App} app @param {Summary} summary @param {string | null} text null goes back to what was made */
export async function writeSummary(app, summary, text) {
  await app.api.patch(`/api/summaries/${summary.id}`, { text });
}

/** @param {App} app @param {Summary} summary */
export async function remakeSummary(app, summary) {
  await app.api.post(`/api/summaries/${summary.id}/remake`);
}

/** @param {App} app @param {string} conversationId */
export async function remakeAll(app, conversationId) {
  await app.api.post(`/api/conversations/${conversationId}/summaries/remake`);
}

/** Sends all of a conversation that fits, or its recent part. @param {App} app @param {string} conversationId @param {boolean} whole */
export async function chooseWholeHistory(app, conversationId, whole) {
  await app.api.put(`/api/conversations/${conversationId}/whole-history`, { whole_history: whole });
}

/** Shows a message where it was said. @param {App} app @param {string} messageId */
export async function openMessage(app, messageId) {
  const { conversation } = await app.api.get(`/api/messages/${messageId}/around?limit=3`);
  navigate(conversationLink(conversation, messageId) ?? searchAddress({ message: messageId }));
}
