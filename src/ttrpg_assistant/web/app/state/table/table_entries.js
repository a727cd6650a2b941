import { useEffect, useRef, useState } from "preact/hooks";
import { newId } from "../../identity.js";
import { useApp } from "../app.js";
import { keepEntry } from "../talk/sending.js";

/**
 * What is written down at the table waits like a message: kept on this device, delivered when the
 * server takes it, under its own id and so once.
 *
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../app.js").App} App
 */

/**
 * Keeps a note or a roll of dice and begins to deliver it.
 * @param {App} app @param {any} gameSession
 * @param {{ kind: "note" | "roll", text: string, gmOnly?: boolean, id?: string, at?: string }} entry
 * @returns {Promise<import("../../types.js").FaultWords | null>} why it was not accepted; null when it is safe
 */
export function keepAtTable(
  app,
  { id: gameSessionId, campaign_id: campaignId },
  { kind, text, gmOnly = true, id = newId(), at = new Date().toISOString() },
) {
  return keepEntry(app, {
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

/**
 * What was written down here and is not among what was pulled from the server: it waits, or it has
 * just been stored.
 * @param {any} gameSession @param {"note" | "roll"} kind @param {{ id: string }[]} stored
 * @returns {{ entry: OutboxEntry, waits: boolean }[]}
 */
export function useWritten(gameSession, kind, stored) {
  const app = useApp();
  const id = gameSession?.id ?? "";
  const arrived = useRef(/** @type {Map<string, OutboxEntry>} */ (new Map()));
  const [, draw] = useState(0);
  useEffect(
    () =>
      app.attend({
        onDelivered: (entry) => {
          if (entry.conversation_id !== id || entry.kind !== kind) return;
          arrived.current.set(entry.id, entry);
          draw((times) => times + 1);
        },
      }),
    [id, kind],
  );
  for (const each of stored) arrived.current.delete(each.id);
  const there = new Set(stored.map((each) => each.id));
  const waiting = app.waiting.value.filter(
    (entry) => entry.conversation_id === id && entry.kind === kind && !there.has(entry.id),
  );
  const waits = new Set(waiting.map((entry) => entry.id));
  return [
    ...[...arrived.current.values()].filter((entry) => !waits.has(entry.id)).map((entry) => ({ entry, waits: false })),
    ...waiting.map((entry) => ({ entry, waits: true })),
  ];
}

/**
 * All entries of a list of the server's, page by page.
 * @param {import("../../api.js").Api} api @param {string} path @param {string} what @param {AbortSignal} signal
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
