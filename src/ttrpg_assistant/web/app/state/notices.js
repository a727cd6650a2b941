import { signal } from "@preact/signals";
import { sentences } from "../models/sentences.js";

/**
 * Short notices at the foot of the page, and words for screen readers.
 *
 * @typedef {{ id: number, text: string, action?: { label: string, run: () => unknown } }} Toast
 */

/** Long enough to read and to reach for "Undo", in milliseconds. */
const LASTING = 9000;

export const toasts = signal(/** @type {Toast[]} */ ([]));
/** The dialogs that are open, the one in front last: behind it nothing can be pressed. */
export const dialogs = signal(/** @type {string[]} */ ([]));
export const announcement = signal("");

let next = 1;
const timers = new Map(/** @type {[number, ReturnType<typeof setTimeout>][]} */ ([]));
/** What is at a notice: one of the two may leave while the other stays. */
const holders = new Map(/** @type {[number, Set<Holder>][]} */ ([]));

/** @typedef {"pointer" | "focus"} Holder */

/** @param {string} text @param {Toast["action"]} [action] */
export function toast(text, action) {
  const id = next;
  next += 1;
  toasts.value = [...toasts.value.slice(-2), { id, text, action }];
  holders.set(id, new Set());
  startTimer(id);
}

/** It stays for as long as somebody is at it, by pointer or focus. @param {number} id @param {Holder} by */
export function hold(id, by) {
  clearTimeout(timers.get(id));
  holders.get(id)?.add(by);
}

/** It goes a while after the last has left it. @param {number} id @param {Holder} by */
export function letGo(id, by) {
  holders.get(id)?.delete(by);
  if (holders.get(id)?.size === 0) startTimer(id);
}

/** @param {number} id */
function startTimer(id) {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => dismiss(id), LASTING),
  );
}

/** @param {number} id */
export function dismiss(id) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  holders.delete(id);
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** Says something to a screen reader, once. @param {string} text */
export function announce(text) {
  announcement.value = "";
  // A region that changes twice in one frame is read once, with the last words.
  setTimeout(() => {
    announcement.value = text;
  }, 60);
}

/**
 * Does something that may be refused, and says so when it is.
 * @template T
 * @param {() => Promise<T>} deed
 * @returns {Promise<T | undefined>}
 */
export async function attempt(deed) {
  try {
    return await deed();
  } catch (error) {
    const { detail, cure } = /** @type {import("../faults.js").ApiFault} */ (error);
    if (!detail) throw error;
    toast(sentences(detail, cure));
  }
}
