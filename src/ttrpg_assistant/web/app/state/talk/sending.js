import { editOf } from "../../drafts.js";
import { ApiFault } from "../../faults.js";
import { newId } from "../../identity.js";
import { noteWritten } from "../campaign/just_written.js";
import { askedUnder } from "../campaign/campaign_context.js";
import { messages as messagesWords } from "../../words/en/messages.js";

/**
 * The moment between Enter and an empty composer.
 *
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../../types.js").FaultWords} FaultWords
 * @typedef {import("../../types.js").Mode} Mode
 * @typedef {import("../../types.js").Kind} Kind
 * @typedef {import("../app.js").App} App
 *
 * @typedef {object} Letter
 * @property {string} conversationId
 * @property {string | null} campaignId whose conversation it is
 * @property {Kind} kind
 * @property {string} content
 * @property {Mode} [mode]
 * @property {import("../../types.js").Edit | null} [edits] what it is another wording of
 * @property {import("../../types.js").Aside | null} [aside]
 * @property {boolean} [untilHeard] wait a moment for the server's word
 */

/** How long a text waits in the composer for the server's word, in milliseconds. */
const HEARING = 4000;

/**
 * Keeps a text on this device and begins to deliver it. The draft says under which id it is on its
 * way, so that a tab closed in between neither loses nor repeats it.
 * @param {App} app
 * @param {Letter} letter
 * @returns {Promise<FaultWords | null>} why it was not accepted, or null when it is safe
 */
export async function send(
  app,
  { conversationId, campaignId, kind, content, mode = null, edits = null, aside = null, untilHeard },
) {
  const { outbox, drafts, persistence } = app;
  if (!outbox) return { code: "not_ready", detail: messagesWords.stillOpening };
  const name = edits ? editOf(conversationId) : conversationId;
  const said = edits ? { text: content, edits } : { text: content };
  const draft = drafts.get(name);
  /** The waiting message whose place this wording takes. */
  const former = app.waiting.value.find(({ id }) => id === edits?.id) ?? null;
  const entry = /** @type {OutboxEntry} */ ({
    // A text that was refused or unanswered before goes under its first id: it may have arrived.
    id: draft.sending !== null && draft.text === content ? draft.sending : newId(),
    conversation_id: conversationId,
    kind,
    content,
    mode,
    replaces: edits?.replaces ?? null,
    aside,
    asked_under: kind === "chat" ? askedUnder(campaignId) : null,
    created_at: new Date().toISOString(),
    attempts: 0,
    state: "waiting",
    fault: null,
  });
  drafts.keep(name, { ...said, sending: entry.id });
  let refusal = await keepEntry(app, entry, former);
  if (refusal === null && untilHeard && persistence.durable.value) {
    refusal = await hear(app, entry, former);
    if (refusal && drafts.get(name).sending === entry.id) drafts.keep(name, { ...said, sending: null });
  }
  if (refusal !== null) return refusal;
  drafts.finish(name, entry.id);
  if (kind === "chat" && campaignId !== null) noteWritten(`message:${entry.id}`);
  return refusal;
}

/**
 * Keeps an entry in the outbox, which delivers it; a browser that can keep nothing delivers it now.
 * @param {App} app @param {OutboxEntry} entry
 * @param {OutboxEntry | null} [former] the waiting entry whose place it takes
 * @returns {Promise<FaultWords | null>} why it is not safe, or null
 */
export async function keepEntry(app, entry, former = null) {
  const { outbox, persistence } = app;
  if (!outbox) return { code: "not_ready", detail: messagesWords.stillOpening };
  const refusal = outbox.durable ? await keep(outbox, entry, former) : "cannot_keep";
  if (refusal !== "cannot_keep") return refusal;
  // The browser has no room or has closed its database: the server's word is the only safe one.
  persistence.durable.value = false;
  const given = await deliver(outbox, entry);
  if (given === null && former) await outbox.discard(former.id);
  return given;
}

/**
 * @param {import("../../outbox.js").Outbox} outbox @param {OutboxEntry} entry @param {OutboxEntry | null} former
 * @returns {Promise<FaultWords | "cannot_keep" | null>}
 */
async function keep(outbox, entry, former) {
  try {
    const placed = former && (await outbox.replace(former.id, { ...entry, instead: former.id }));
    if (!placed) await outbox.accept(entry);
    return null;
  } catch (error) {
    if (error instanceof Error && error.name === "OutboxFull") {
      return {
        code: "outbox_full",
        detail: messagesWords.outboxFull,
      };
    }
    if (error instanceof DOMException) return "cannot_keep";
    throw error;
  }
}

/**
 * @param {import("../../outbox.js").Outbox} outbox @param {OutboxEntry} entry
 * @returns {Promise<FaultWords | null>}
 */
async function deliver(outbox, entry) {
  try {
    return await outbox.sendNow(entry);
  } catch (error) {
    if (error instanceof ApiFault) return error;
    throw error;
  }
}

/**
 * Waits until the server has taken a text or refused it for good, which takes it back. Whatever
 * else happens, the outbox goes on by itself.
 * @param {App} app @param {OutboxEntry} entry @param {OutboxEntry | null} former
 * @returns {Promise<FaultWords | null>}
 */
async function hear(app, entry, former) {
  const fault = await new Promise((resolve) => {
    const patience = setTimeout(() => resolve(null), HEARING);
    const leave = app.waiting.subscribe((entries) => {
      const now = entries.find(({ id }) => id === entry.id);
      if (now && now.state !== "parked" && now.attempts === 0) return;
      clearTimeout(patience);
      resolve(now?.state === "parked" ? now.fault : null);
      setTimeout(() => leave());
    });
  });
  if (fault && former) await app.outbox?.replace(entry.id, former);
  else if (fault) await app.outbox?.discard(entry.id);
  return fault;
}

/**
 * A draft whose message has arrived, or waits in the outbox, has done its work.
 * @param {App} app
 * @param {string} conversationId
 * @param {(id: string) => boolean} arrived
 */
export function forgetArrived(app, conversationId, arrived) {
  for (const name of [conversationId, editOf(conversationId)]) {
    const { sending } = app.drafts.get(name);
    if (sending === null) continue;
    if (arrived(sending) || app.waiting.value.some((entry) => entry.id === sending)) app.drafts.finish(name, sending);
  }
}
