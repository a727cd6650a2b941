import { newId } from "../identity.js";
import { keepEntry } from "./sending.js";

/**
 * What is written down at the table waits like a message: kept on this device, delivered when the
 * server takes it, under its own id and so once.
 *
 * @typedef {import("../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("./desk.js").Desk} Desk
 */

/**
 * Keeps a note or a roll of dice and begins to deliver it.
 * @param {Desk} desk @param {any} gameSession
 * @param {{ kind: "note" | "roll", text: string, gmOnly?: boolean, id?: string, at?: string }} entry
 * @returns {Promise<import("../types.js").FaultWords | null>} why it was not accepted; null when it is safe
 */
export function keepAtTable(
  desk,
  { id: gameSessionId, campaign_id: campaignId },
  { kind, text, gmOnly = true, id = newId(), at = new Date().toISOString() },
) {
  return keepEntry(desk, {
    id,
    conversation_id: gameSessionId,
    kind,
    content: text,
    mode: null,
    replaces: null,
    noted: { campaign_id: campaignId, gm_only: gmOnly, at },
    created_at: at,
    attempts: 0,
    state: "waiting",
    fault: null,
  });
}

/** @param {OutboxEntry} entry */
export function isAtTable({ kind }) {
  return kind === "note" || kind === "roll";
}

/** Stores it. @param {import("../api.js").Api} api @param {OutboxEntry} entry */
export function deliverAtTable(api, { id, kind, conversation_id: gameSessionId, content: text, noted }) {
  const path = `/api/game-sessions/${gameSessionId}`;
  const at = noted?.at;
  return kind === "roll"
    ? api.post(`${path}/events`, { id, kind, text, at })
    : api.post(`${path}/notes`, { id, text, gm_only: noted?.gm_only ?? true, at });
}

/**
 * What waits on this device for a game session and is not among what the server has.
 * @param {Desk} desk @param {string} gameSessionId @param {"note" | "roll"} kind @param {{ id: string }[]} stored
 */
export function waitingAtTable(desk, gameSessionId, kind, stored) {
  const there = new Set(stored.map(({ id }) => id));
  return desk.waiting.value.filter(
    (entry) => entry.conversation_id === gameSessionId && entry.kind === kind && !there.has(entry.id),
  );
}

/**
 * All entries of a list of the server's, page by page.
 * @param {import("../api.js").Api} api @param {string} path @param {string} what @param {AbortSignal} signal
 * @returns {Promise<any[]>}
 */
export async function listAll(api, path, what, signal) {
  const found = [];
  let after = "";
  for (;;) {
    const page = await api.get(`${path}${path.includes("?") ? "&" : "?"}limit=500${after}`, { signal });
    found.push(...page[what]);
    if (!page.has_more) return found;
    after = `&after=${page.next_cursor}`;
  }
}
