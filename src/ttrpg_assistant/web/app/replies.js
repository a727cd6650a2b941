import { EventStream } from "./event_stream.js";
import { withLock } from "./locks.js";
import { ReplyProgress } from "./models/reply_progress.js";
import { ReplyText } from "./models/reply_text.js";

/**
 * Follows one running reply. Of several tabs that show the same reply one holds the connection and
 * passes on what it hears; when it goes, another takes over at the character where it stood.
 *
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./models/sse_parser.js").SseEvent} SseEvent
 *
 * @typedef {object} Listeners
 * @property {(message: Message) => void} onDone the reply as it is stored
 * @property {(messageId: string) => void} onGone it cannot be followed: pull
 */

/** Reply streams a browser may hold at once, so that sending always finds a free connection. */
const SLOTS = 3;

export class ReplyFollower {
  #api;
  #listeners;
  #channel = new BroadcastChannel("ttrpg-replies");
  #stream = /** @type {EventStream | null} */ (null);
  #stop = new AbortController();

  /**
   * @param {import("./api.js").Api} api
   * @param {string} messageId
   * @param {Listeners} listeners
   */
  constructor(api, messageId, listeners) {
    this.#api = api;
    this.#listeners = listeners;
    const onFrame = (/** @type {() => void} */ run) => void requestAnimationFrame(run);
    this.reply = new ReplyText(messageId, onFrame);
    this.progress = new ReplyProgress(onFrame);
    this.#channel.onmessage = ({ data }) => this.#heard(data);
  }

  get messageId() {
    return this.reply.messageId;
  }

  /**
   * Runs until the reply has ended or `close` is called.
   * @param {{ atOnce?: boolean }} [options] `atOnce`: nobody else can know of this reply yet, so the
   *   stream begins before the others hear that this tab holds it
   */
  async run({ atOnce = false } = {}) {
    this.#channel.postMessage({ ask: this.messageId });
    const { signal } = this.#stop;
    const begun = atOnce ? this.#follow() : null;
    const follow = () => begun ?? this.#follow();
    const slot = `ttrpg-slot-${slotOf(this.messageId)}`;
    const held = withLock(`ttrpg-reply-${this.messageId}`, () => withLock(slot, follow, { signal }), { signal });
    await Promise.all([held, begun]);
  }

  close() {
    this.#stop.abort();
    this.#stream?.close();
    this.#stream = null;
    this.#channel.close();
  }

  /** What a pull has found out about this reply, while no stream brings it. @param {Message} message */
  pulled(message) {
    if (message.content.length > this.reply.text.length) this.reply.restart(message.content, message.shown);
  }

  async #follow() {
    if (this.#stop.signal.aborted) return;
    const { offset } = this.reply;
    this.#stream = new EventStream(this.#api, {
      path: `/api/replies/${this.messageId}/stream`,
      lastEventId: offset > 0 ? String(offset) : null,
      onEvent: (event) => this.#event(event),
      onRefused: () => this.#listeners.onGone(this.messageId),
    });
    await this.#stream.run();
  }

  /** @param {SseEvent} event */
  #event(event) {
    const told = { messageId: this.messageId, event };
    if (!this.#stop.signal.aborted) this.#channel.postMessage(told);
    return this.#take(event);
  }

  /** @param {SseEvent} event @returns {boolean} false when the text does not fit together */
  #take({ event, data, id }) {
    const body = JSON.parse(data);
    if (event === "snapshot") {
      this.reply.restart(body.content, body.shown, body.status);
      this.progress.restart(body.reasoning ?? "", body.phase ?? null);
    } else if (event === "text") {
      this.progress.write();
      return this.reply.add(body.text, body.shown, id === null ? null : Number(id));
    } else if (event === "thinking") this.progress.think(body.text, body.seconds);
    else if (event === "phase") this.progress.say(body);
    else if (event === "done") {
      this.close();
      this.#listeners.onDone(body.message);
    }
    return true;
  }

  /** There is something to pass on: a word, or what is waited for. */
  get #hasHeard() {
    return this.reply.offset > 0 || this.progress.phase.peek() !== null;
  }

  /** @param {{ ask?: string, messageId?: string, event?: SseEvent }} news from another tab */
  #heard({ ask, messageId, event }) {
    if (this.#stop.signal.aborted) return;
    if (ask === this.messageId && this.#stream && this.#hasHeard) {
      const { text, shown, status, offset } = this.reply;
      const data = JSON.stringify({ content: text, shown, status, ...this.progress.told });
      const snapshot = { event: "snapshot", data, id: String(offset) };
      this.#channel.postMessage({ messageId: this.messageId, event: snapshot });
    }
    if (messageId !== this.messageId || !event || this.#stream) return;
    if (!this.#take(event)) this.#channel.postMessage({ ask: this.messageId });
  }
}

/** @param {string} id */
function slotOf(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return sum % SLOTS;
}
