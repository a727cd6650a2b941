/**
 * How what was written down at the table gets to the server.
 *
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 */

/** @param {OutboxEntry} entry */
export function isAtTable({ kind }) {
  return kind === "note" || kind === "roll";
}

/** Stores it. @param {import("../../api.js").Api} api @param {OutboxEntry} entry */
export function deliverAtTable(api, { id, kind, conversation_id: gameSessionId, content: text, noted }) {
  const path = `/api/game-sessions/${gameSessionId}`;
  const at = noted?.at;
  return kind === "roll"
    ? api.post(`${path}/events`, { id, kind, text, at })
    : api.post(`${path}/notes`, { id, text, gm_only: noted?.gm_only ?? true, at });
}
