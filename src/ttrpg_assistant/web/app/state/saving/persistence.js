import { computed, signal } from "@preact/signals";

/**
 * Whether what is said is being saved, as the page tells it: from the server's own account and
 * from what became of this browser's own messages. The browser's "online" flag plays no part: it
 * stays true when the server is gone.
 *
 * @typedef {import("../../types.js").Persistence} State
 * @typedef {import("../../types.js").PersistenceReport} Report
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 */

/** A send that is unanswered for this long counts as trouble, in milliseconds. */
export const SLOW_SEND = 4000;

/** Answers that say that nothing can be stored now. */
const NOT_STORED = new Set([503, 507]);

export class PersistenceWatch {
  #server = signal(/** @type {State} */ ("available"));
  #sends = signal(/** @type {State} */ ("available"));
  #connected = signal(true);
  /** The last message was refused because nothing can be stored. */
  #refused = false;

  /** The server's sentence about its database, when it is not well. */
  sentence = signal("");

  /** Messages on this device that the server does not have yet. */
  waiting = signal(0);

  /** Whether the outbox outlives the page. */
  durable = signal(true);

  /** The outbox of this browser was found empty although messages had been waiting in it. */
  lost = signal(false);

  state = computed(() => worst(this.#server.value, this.#sends.value, this.#line.value));

  /** Whether the server answers at all. */
  get connected() {
    return this.#connected.value;
  }

  /** Whether the server answers although it can store nothing: talk can go on unsaved. */
  get talksUnsaved() {
    return this.#connected.value && (this.#refused || this.#server.value === "unavailable");
  }

  #line = computed(() => /** @type {State} */ (this.#connected.value ? "available" : "degraded"));

  /** @param {Report} report from the server */
  heard({ state, sentence }) {
    this.#server.value = state;
    this.sentence.value = state === "available" ? "" : (sentence ?? "");
    if (state === "available") this.#refused = false;
    if (state === "available" && this.waiting.value === 0) this.#sends.value = "available";
  }

  /** @param {boolean} connected */
  connection(connected) {
    this.#connected.value = connected;
  }

  /** A message was not taken. @param {OutboxEntry} entry @param {number} status */
  failed(entry, status) {
    if (status === 401 || entry.state === "parked") return;
    if (status === 0) this.#connected.value = false;
    this.#refused = NOT_STORED.has(status);
    const given = entry.state === "not_saved" && status !== 0;
    this.#sends.value = given ? "unavailable" : worst(this.#sends.value, "degraded");
  }

  slow() {
    this.#sends.value = worst(this.#sends.value, "degraded");
  }

  /** A real write has been acknowledged. */
  delivered() {
    this.#sends.value = "available";
    this.#connected.value = true;
    this.#refused = false;
  }

  /** @param {OutboxEntry[]} entries */
  queue(entries) {
    this.waiting.value = entries.filter((entry) => entry.state !== "parked").length;
    if (this.waiting.value === 0) this.#sends.value = "available";
    this.#lookForLoss(entries.length);
    remember(entries.length);
  }

  #looked = false;

  /** @param {number} here */
  #lookForLoss(here) {
    if (this.#looked) return;
    this.#looked = true;
    this.lost.value = remembered() > 0 && here === 0;
  }
}

const NAME = `ttrpg-waiting-${location.port || "80"}`;
let known = /** @type {number | null} */ (null);

/** A cookie keeps the whole page waiting for another process, so it is read once, and not before it is needed. */
function remembered() {
  known ??= Number(new RegExp(`${NAME}=(\\d+)`).exec(document.cookie)?.[1] ?? 0);
  return known;
}

/** How many wait, kept apart from the outbox so that its loss can be told. @param {number} count */
function remember(count) {
  if (count === remembered()) return;
  known = count;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser
  document.cookie = `${NAME}=${count}; path=/; SameSite=Strict; max-age=${count > 0 ? 31_536_000 : 0}`;
}

const ORDER = /** @type {State[]} */ (["available", "degraded", "unavailable"]);

/** @param {...State} states @returns {State} */
function worst(...states) {
  return ORDER[Math.max(...states.map((state) => ORDER.indexOf(state)))];
}
