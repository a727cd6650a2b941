import { EventStream } from "./event_stream.js";
import { withLock } from "./locks.js";
import { monotonicNow } from "./monotonic.js";

/**
 * Hints from the server that something has changed. A hint carries no content: pull is the truth.
 *
 * A browser allows six connections to one address, so one visible tab listens for all of them and
 * passes the hints on. A hidden tab lets go and catches up when it is seen again.
 *
 * @typedef {{ event: string, id?: string, kind?: string, seq?: number, tip_message_id?: string | null,
 *   status?: string, campaign_id?: string, state?: any, sentence?: string, restored?: boolean }} Hint
 *
 * @typedef {object} Listeners
 * @property {(hint: Hint) => void} onHint
 * @property {() => void} onCatchUp hints may have been missed: pull
 * @property {(connected: boolean) => void} onConnection
 */

/** A listening tab says at least this often that it lives, in milliseconds. */
const SIGN_OF_LIFE = 20_000;

/** Listening is taken over from a tab that has been silent this long. */
const TAKE_OVER = 50_000;

export class ChangesFeed {
  #api;
  #listeners;
  #channel = new BroadcastChannel("ttrpg-changes");
  #attending = /** @type {AbortController | null} */ (null);
  #stream = /** @type {EventStream | null} */ (null);
  #lastSign = monotonicNow();

  /** @param {import("./api.js").Api} api @param {Listeners} listeners */
  constructor(api, listeners) {
    this.#api = api;
    this.#listeners = listeners;
    this.#channel.onmessage = ({ data }) => {
      this.#lastSign = monotonicNow();
      if (data.hint) this.#listeners.onHint(data.hint);
      if (typeof data.connected === "boolean") this.#connection(data.connected);
    };
  }

  /** Begins to listen, now and whenever the tab is seen. */
  start() {
    document.addEventListener("visibilitychange", () => this.#attend());
    addEventListener("online", () => this.#attending && this.restart());
    addEventListener("pageshow", (event) => event.persisted && this.#attend());
    setInterval(() => this.#checkLife(), SIGN_OF_LIFE);
    this.#attend();
  }

  /** Connects anew at once, for example when this browser has just been let in. */
  restart() {
    this.#leave();
    this.#attend();
  }

  #attend() {
    if (document.hidden) return this.#leave();
    if (this.#attending) return;
    this.#attending = new AbortController();
    this.#lastSign = monotonicNow();
    this.#listeners.onCatchUp();
    this.#listen(this.#attending.signal);
  }

  #leave() {
    this.#attending?.abort();
    this.#attending = null;
    this.#stream?.close();
    this.#stream = null;
  }

  /** @param {AbortSignal} signal @param {number} [patience] */
  #listen(signal, patience) {
    return withLock("ttrpg-changes", (lost) => this.#follow(signal, lost), { signal, patience });
  }

  /** @param {AbortSignal} signal @param {AbortSignal} lost */
  async #follow(signal, lost) {
    if (signal.aborted) return;
    const stream = new EventStream(this.#api, {
      path: "/api/changes",
      onOpen: () => this.#announce(true),
      onLost: (failures) => failures > 1 && this.#announce(false),
      onEvent: ({ event, data }) => this.#hint({ event, ...JSON.parse(data) }),
    });
    this.#stream = stream;
    lost.addEventListener("abort", () => stream.close());
    await stream.run();
  }

  /** @param {Hint} hint */
  #hint(hint) {
    this.#lastSign = monotonicNow();
    this.#channel.postMessage({ hint });
    this.#listeners.onHint(hint);
  }

  /** @param {boolean} connected */
  #announce(connected) {
    this.#channel.postMessage({ connected });
    this.#connection(connected);
  }

  /** @param {boolean} connected */
  #connection(connected) {
    this.#listeners.onConnection(connected);
    // Between the last hint of the old connection and the first of the new one, some were missed.
    if (connected) this.#listeners.onCatchUp();
  }

  #checkLife() {
    if (!this.#attending) return;
    if (this.#stream) this.#channel.postMessage({ alive: true });
    else if (monotonicNow() - this.#lastSign > TAKE_OVER) {
      this.#leave();
      this.#attending = new AbortController();
      this.#lastSign = monotonicNow();
      this.#listen(this.#attending.signal, 1);
    }
  }
}
