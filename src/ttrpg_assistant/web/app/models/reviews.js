import { KINDS, kindSuggested } from "../state/campaign/campaign_kinds.js";
import { countWords } from "./amounts.js";
import { modelName } from "./model_list.js";
import { isOpen } from "./proposals.js";
import { readingNotes } from "../words/en/reading_notes.js";
import { reviews as t } from "../words/en/reviews.js";

/**
 * The review of a transcript or of notes, as the server tells it.
 *
 * @typedef {"gm" | "player" | "npc" | "notes" | "nobody"} Role
 * @typedef {{ label: string, role: Role, thing_id: string | null, name: string, lines: number, is_guessed: boolean }} Speaker
 * @typedef {{ id: string, campaign_id: string, conversation_id: string, game_session_id: string | null,
 *   status: "ready" | "reading" | "stopped" | "done", speakers: Speaker[], error_code: string | null,
 *   error_detail: string | null, error_cure: string | null, text: "transcript" | "notes", failed_parts: FailedPart[],
 *   progress: { parts: number, done: number, failed: number, proposed: number, left_out: number, repeated: number, open: number } }} Review
 * @typedef {{ model: string, is_built_in: boolean, parts: number, tokens: number }} Estimate
 * @typedef {{ id: string, error_detail: string | null, error_cure: string | null }} FailedPart
 * @typedef {{ message_id: string, seq: number | null, speaker: string, text: string, quote: string }} QueuedLine
 * @typedef {import("./proposals.js").Suggestion & { lines: QueuedLine[] }} Queued
 */

/** What reading notes would take. @param {Estimate} estimate */
export function estimateWords({ model, parts, tokens }) {
  // Two digits: it is a guess.
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, tokens))) - 1);
  return readingNotes.takes(parts, countWords(Math.round(tokens / step) * step), modelName(model));
}

/** How far a review is, in a sentence. @param {Review} review */
export function progressWords({ status, progress: { parts, done } }) {
  if (status === "ready") return t.ready(parts);
  if (status === "reading") return t.reading(done, parts);
  return status === "done" ? t.done(parts) : t.stopped(done, parts);
}

/** Why a review stands still, where a fault is the reason. @param {Review} review @returns {{ detail: string, cure: string | null } | null} */
export function faultOf({ error_detail: detail, error_cure: cure, failed_parts: parts }) {
  if (detail) return { detail, cure };
  const part = parts.find((one) => one.error_detail);
  return part ? { detail: /** @type {string} */ (part.error_detail), cure: part.error_cure } : null;
}

/**
 * The suggestions by kind, in the order of the server: those still open, or those that are decided.
 * @param {Queued[]} queue @param {boolean} open @returns {[string, Queued[]][]}
 */
export function groupsOf(queue, open) {
  const groups = /** @type {Map<string, Queued[]>} */ (new Map());
  for (const one of queue) {
    if (isOpen(one) !== open) continue;
    groups.set(one.kind, [...(groups.get(one.kind) ?? []), one]);
  }
  return [...groups];
}

/** What a group is called. @param {string} kind */
export function groupWords(kind) {
  const thing = kindSuggested(kind);
  return t.groups[kind] ?? (thing && KINDS[thing.name]?.titles) ?? t.queue;
}

/**
 * A line cut at the words that were proposed from. Where they are not found, all of it is before them.
 * @param {{ text: string, quote: string }} line @returns {[string, string, string]}
 */
export function aroundQuote({ text, quote }) {
  const at = quote ? text.indexOf(quote) : -1;
  return at < 0 ? [text, "", ""] : [text.slice(0, at), quote, text.slice(at + quote.length)];
}

/** The thing to go to behind one that is decided: the next, or else the one before. @template {{ id: string }} T @param {T[]} shown @param {string} id */
export function neighbourOf(shown, id) {
  const at = shown.findIndex((one) => one.id === id);
  return at < 0 ? null : (shown[at + 1] ?? shown[at - 1] ?? null);
}
