import { ApiFault } from "./faults.js";
import { Backoff, sleep } from "./models/backoff.js";
import { SseParser } from "./models/sse_parser.js";

/** The server says something at least every 15 seconds; longer than this and the line is dead. */
const SILENCE = 40_000;

/**
 * A stream of server-sent events that comes back by itself: after a cut, a refusal that says "not
 * now", an empty answer or a silence. (The browser's own EventSource gives up for good on some of
 * those, and cannot carry the credential.)
 *
 * @typedef {import("./models/sse_parser.js").SseEvent} SseEvent
 * @typedef {object} Options
 * @property {string} path
 * @property {string | null} [lastEventId]
 * @property {(event: SseEvent) => boolean | void} onEvent `false` asks to start over from nothing
 * @property {() => void} [onOpen]
 * @property {(failures: number) => void} [onLost]
 * @property {(fault: ApiFault) => void} [onRefused] refused for good; the stream has ended
 */
export class EventStream {
  #api;
  #options;
  #lastEventId;
  #closed = new AbortController();

  /** @param {import("./api.js").Api} api @param {Options} options */
  constructor(api, options) {
    this.#api = api;
    this.#options = options;
    this.#lastEventId = options.lastEventId ?? null;
  }

  close() {
    this.#closed.abort();
  }

  get lastEventId() {
    return this.#lastEventId;
  }

  /** Runs until closed or refused for good. */
  async run() {
    const backoff = new Backoff({ first: 500, longest: 8000 });
    while (!this.#closed.signal.aborted) {
      try {
        if (await this.#once()) backoff.reset();
      } catch (error) {
        if (!(error instanceof ApiFault)) throw error;
        if (this.#closed.signal.aborted) return;
        if (!error.passing) return this.#options.onRefused?.(error);
      }
      if (this.#closed.signal.aborted) return;
      const wait = backoff.next();
      this.#options.onLost?.(backoff.failures);
      await sleep(wait, this.#closed.signal);
    }
  }

  /** One connection, to its end. @returns {Promise<boolean>} whether it brought anything */
  async #once() {
    const cut = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, cut.signal]);
    let timer = setTimeout(() => cut.abort(), SILENCE);
    let heard = false;
    try {
      const response = await this.#api.stream(this.#options.path, {
        signal,
        lastEventId: this.#lastEventId,
      });
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      const decoder = new TextDecoder();
      const parser = new SseParser();
      this.#options.onOpen?.();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return heard;
        heard = true;
        clearTimeout(timer);
        timer = setTimeout(() => cut.abort(), SILENCE);
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          if (signal.aborted) return heard;
          if (this.#options.onEvent(event) === false) {
            this.#lastEventId = null;
            cut.abort();
            return false;
          }
          this.#lastEventId = event.id ?? this.#lastEventId;
        }
      }
    } catch (error) {
      // A connection that breaks in the middle is a network matter, not a bug.
      if (error instanceof ApiFault) throw error;
      if (error instanceof TypeError || error instanceof DOMException) return heard;
      throw error;
    } finally {
      clearTimeout(timer);
      if (!cut.signal.aborted) cut.abort();
    }
  }
}
