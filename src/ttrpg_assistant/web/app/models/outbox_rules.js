/**
 * What the outbox decides, as pure functions: which refusals are final, and what becomes of an
 * entry after a failed attempt.
 *
 * @typedef {import("../types.js").OutboxEntry} OutboxEntry
 * @typedef {{ status: number, code: string, detail: string, cure?: string | null, retryAfter?: number | null }} Failure
 */

/** Whether it was refused for good, and not set aside by its author to be edited. @param {OutboxEntry} entry */
export function isRefused(entry) {
  return entry.state === "parked" && !("held" in entry && entry.held != null);
}

/** More entries than this are refused; the text stays with its author. */
export const MOST_WAITING = 100;

/** Attempts made quickly before the page says that a message is not saved. */
export const QUICK_ATTEMPTS = 3;

/** Answers that say "not now" rather than "never". 401 asks to be let in; 0 is no answer at all. */
const PASSING = new Set([0, 401, 408, 423, 425, 429]);

/** @param {Failure} failure whether trying the same request again can never help */
export function isFinal(failure) {
  return failure.status >= 400 && failure.status < 500 && !PASSING.has(failure.status);
}

/**
 * The entry after a failed attempt.
 * @param {OutboxEntry} entry
 * @param {Failure} failure
 * @returns {OutboxEntry}
 */
export function afterFailure(entry, failure) {
  const fault = {
    code: failure.code,
    detail: failure.detail,
    cure: failure.cure ?? null,
    status: failure.status,
  };
  if (isFinal(failure)) return { ...entry, attempts: entry.attempts + 1, state: "parked", fault };
  // Not being let in says nothing about the message: it is not an attempt.
  if (failure.status === 401) return { ...entry, fault };
  const attempts = entry.attempts + 1;
  return { ...entry, attempts, state: attempts >= QUICK_ATTEMPTS ? "not_saved" : "waiting", fault };
}

/**
 * Set aside, because it is being edited: not sent meanwhile, and otherwise as it is.
 * @param {OutboxEntry} entry
 * @returns {OutboxEntry}
 */
export function setAside(entry) {
  return entry.state === "parked" ? entry : { ...entry, state: "parked", held: entry.state };
}

/** The entries by conversation, each in the order they were accepted. @param {OutboxEntry[]} entries */
export function lanes(entries) {
  /** @type {Map<string, OutboxEntry[]>} */
  const found = new Map();
  for (const entry of [...entries].sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
    const lane = found.get(entry.conversation_id);
    if (lane) lane.push(entry);
    else found.set(entry.conversation_id, [entry]);
  }
  return found;
}

/**
 * The message to answer while nothing can be stored: the first one without an answer, when all
 * before it have theirs and the first of all has been tried in the ordinary way.
 * @param {OutboxEntry[]} lane
 */
export function nextUnanswered(lane) {
  const open = lane.filter((entry) => entry.state !== "parked");
  const at = open.findIndex((entry) => !entry.answer);
  if (at < 0 || open.slice(0, at).some((entry) => entry.answer?.status === "streaming")) return null;
  const entry = open[at];
  return entry.replaces === null && (at > 0 || entry.attempts > 0) ? entry : null;
}

/**
 * An entry whose answer was being written by a tab that is gone: what is there is kept.
 * @param {OutboxEntry} entry
 * @returns {OutboxEntry}
 */
export function withCutAnswer(entry) {
  const { answer } = entry;
  return { ...entry, answer: answer?.content ? { ...answer, ...cutOff(answer.content, answer.shown) } : null };
}

/**
 * An answer that nobody goes on writing, marked as the server marks its own.
 * @param {string} content @param {import("../types.js").UnsavedAnswer["shown"]} [shown]
 */
export function cutOff(content, shown) {
  const status = /** @type {const} */ ("interrupted");
  const marked = content && `${content}\n\n[Stream interrupted]`;
  return { content: marked, shown: shown && [...shown, marked.slice(content.length)], status };
}

/** The next entry of a lane to deliver: refused ones are passed over. @param {OutboxEntry[]} lane */
export function head(lane) {
  return lane.find((entry) => entry.state !== "parked") ?? null;
}
