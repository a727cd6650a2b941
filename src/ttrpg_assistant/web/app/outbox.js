import { reporting } from "./listeners.js";
import { AnsweringMeanwhile } from "./outbox_meanwhile.js";
import { Backoff, sleep } from "./models/backoff.js";
import { afterFailure, head, lanes, setAside } from "./models/outbox_rules.js";
import { monotonicNow } from "./monotonic.js";
import { saving } from "./words/en/saving.js";

/**
 * Everything sent waits here until the server has committed it: first in, first out within a
 * conversation, one request in flight a conversation, one delivering tab a browser.
 *
 * @typedef {import("./types.js").OutboxEntry} OutboxEntry
 * @typedef {import("./types.js").TurnAnswer} TurnAnswer
 * @typedef {import("./models/outbox_rules.js").Failure} Failure
 *
 * @typedef {object} Listeners
 * @property {(entries: OutboxEntry[]) => void} [onChange] what waits now
 * @property {(entry: OutboxEntry, answer: TurnAnswer, isOurs: boolean) => void} [onDelivered] `isOurs`: by this tab
 * @property {(entry: OutboxEntry, failure: Refusal) => void} [onFailure] in whichever tab it was tried
 * @property {() => void} [onSlow] the delivering tab waits long for the server's word
 *
 * @typedef {{ status: number }} Refusal
 *
 * What the tabs tell each other: `here` opens a tab, `trouble` is told by the one that delivers.
 * @typedef {{ what: "here" | "added" | "changed" } | { what: "delivered", entry: OutboxEntry, answer: TurnAnswer } | Trouble} News
 *
 * @typedef {{ what: "trouble", failed: { entry: OutboxEntry, status: number } | null }} Trouble `null`: slow
 *
 * @typedef {{ postMessage(value: any): void, onmessage: ((event: MessageEvent) => void) | null }} Channel
 */

/** Slowest and fastest repetition while the server does not take messages, in milliseconds. */
const LATER = { first: 4000, longest: 30_000 };

/** How long a closed tab's last commit may take, in milliseconds. */
const LATE_COMMIT = 1500;

/** A server that answers reads but not writes must not be knocked at for every read. */
const WAKE_GAP = 3000;

/** How long what hears of a message waits for the answer to its sending, in milliseconds. */
const ANSWER_PATIENCE = 1000;

export class Outbox {
  #store;
  #deliver;
  #lock;
  #channel;
  #listeners;
  #pass = /** @type {Promise<void> | null} */ (null);
  #again = false;
  #wake = new AbortController();
  #later;
  #laterTimer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #quick;
  #lastWake = -Infinity;
  #meanwhile;
  /** This tab is the delivering one. */
  #delivering = false;
  /** What went wrong since the last delivery, for tabs that were not there. */
  #trouble = /** @type {Trouble | null} */ (null);
  #inFlight = /** @type {Set<string>} */ (new Set());
  /** What this tab is delivering, by its conversation: until it was delivered, or was not. */
  #sending = /** @type {Map<string, Promise<void>>} */ (new Map());
  /** What waits, as it was last reported. */
  #reported = /** @type {OutboxEntry[]} */ ([]);

  /**
   * @param {object} parts
   * @param {import("./outbox_store.js").OutboxStore} parts.store
   * @param {boolean} parts.durable whether the store outlives the page
   * @param {(entry: OutboxEntry) => Promise<TurnAnswer>} parts.deliver rejects with a Failure
   * @param {(work: (lost: AbortSignal) => Promise<void>) => Promise<void>} [parts.lock]
   * @param {Channel} [parts.channel] to the other tabs
   * @param {{ first?: number, longest?: number }} [parts.quick] waits between the quick attempts
   * @param {import("./outbox_meanwhile.js").Meanwhile} [parts.meanwhile]
   * @param {Listeners} [parts.listeners]
   */
  constructor({ store, durable, deliver, lock, channel, quick, meanwhile, listeners = {} }) {
    this.#store = store;
    this.durable = durable;
    this.#deliver = deliver;
    this.#lock = lock ?? ((work) => work(new AbortController().signal));
    this.#channel = channel ?? { postMessage() {}, onmessage: null };
    this.#listeners = reporting(listeners);
    this.#quick = quick ?? {};
    this.#meanwhile = new AnsweringMeanwhile(store, meanwhile, {
      isInFlight: (id) => this.#inFlight.has(id),
      onChange: (what) => unlessClosed(this.#tell(what)),
      onEnd: () => this.drain(),
    });
    this.#later = new Backoff(LATER);
    this.#channel.onmessage = ({ data }) => unlessClosed(this.#heard(data));
  }

  /** Takes up what an earlier page left behind. */
  async start() {
    await this.#changed();
    this.#post({ what: "here" });
    this.drain();
    // A tab that was closed a moment ago may still be committing its last entry.
    setTimeout(() => unlessClosed(this.#changed().then(() => this.drain())), LATE_COMMIT);
  }

  /**
   * Keeps an entry and begins to deliver it.
   * @param {OutboxEntry} entry
   * @returns {Promise<OutboxEntry>} when it is safe in the store
   */
  async accept(entry) {
    const { held: _, ...fresh } = entry;
    const kept = await this.#store.add(fresh);
    // It is on its way before anything is read again.
    this.#report([...this.#reported, kept]);
    this.#newcomer();
    return kept;
  }

  #newcomer() {
    this.#post({ what: "added" });
    if (this.#pass) unlessClosed(this.#answerMeanwhile());
    this.drain();
  }

  /**
   * Delivers without keeping: for a browser that can keep nothing.
   * @param {OutboxEntry} entry
   * @returns {Promise<import("./types.js").FaultWords | null>} why not; a Failure rejects
   */
  async sendNow(entry) {
    let waiting;
    try {
      waiting = lanes(await this.#store.list()).get(entry.conversation_id);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      // What waits can no longer be seen from here, so nothing may overtake it.
      return { code: "store_closed", detail: saving.outdatedPage };
    }
    if (waiting && head(waiting)) {
      return { code: "earlier_waits", detail: saving.earlierWaits };
    }
    this.#listeners.onDelivered?.(entry, await this.#deliver(entry), true);
    return null;
  }

  /** Tries an entry again now, also one that was refused. @param {string} id */
  async retry(id) {
    const entry = await this.#find(id);
    if (entry) await this.#store.update({ ...entry, state: "waiting", fault: null, attempts: 0, held: undefined });
    await this.#tell("added");
    this.drain();
  }

  /** Sets an entry aside while it is being edited: it is kept, and not sent. @param {string} id */
  async hold(id) {
    const entry = await this.#find(id);
    if (!entry) return;
    await this.#store.update(setAside(entry));
    await this.#tell("changed");
  }

  /** It was not edited after all: it goes on from where it was. @param {string} id */
  async release(id) {
    const entry = await this.#find(id);
    if (!entry?.held) return;
    await this.#store.update({ ...entry, state: entry.held, held: undefined });
    await this.#changed();
    this.#newcomer();
  }

  /**
   * Another wording takes the place of a waiting one: at no moment is neither of them safe.
   * @param {string} id
   * @param {OutboxEntry} entry
   * @returns {Promise<boolean>} false when the former is not here any more
   */
  async replace(id, entry) {
    if (!(await this.#store.replace(id, entry))) return false;
    await this.#changed();
    this.#newcomer();
    return true;
  }

  /** @param {string} id */
  async #find(id) {
    return (await this.#store.list()).find((each) => each.id === id);
  }

  /** @param {string} id */
  async discard(id) {
    await this.#store.remove(id);
    await this.#tell("changed");
  }

  list() {
    return this.#store.list();
  }

  /**
   * Until what this tab is just delivering was answered, or a moment has passed; null when it delivers
   * nothing there.
   * @param {string | null} conversationId
   */
  whenSent(conversationId) {
    const sending = this.#sending.get(conversationId ?? "");
    return sending ? Promise.race([sending, sleep(ANSWER_PATIENCE)]) : null;
  }

  /** A delivery takes long: every tab says so. */
  slow() {
    this.#listeners.onSlow?.();
    this.#share({ what: "trouble", failed: null });
  }

  /** The server has answered something: a good moment to try again, but not for every answer. */
  wake() {
    const now = monotonicNow();
    if (now - this.#lastWake < WAKE_GAP) return;
    this.#lastWake = now;
    this.drain();
  }

  /** Stops trying by itself until it is asked again. */
  rest() {
    clearTimeout(this.#laterTimer);
  }

  /** Delivers what waits. Cuts short any wait between attempts. */
  drain() {
    clearTimeout(this.#laterTimer);
    this.#wake.abort();
    this.#wake = new AbortController();
    if (this.#pass) {
      this.#again = true;
      return this.#pass;
    }
    this.#pass = unlessClosed(this.#run()).finally(() => {
      this.#pass = null;
      if (this.#again) this.drain();
    });
    return this.#pass;
  }

  async #run() {
    this.#again = false;
    if (!this.#reported.some(isToGo) && !(await this.#store.list()).some(isToGo)) {
      this.#later.reset();
      return;
    }
    await this.#lock(async (lost) => {
      this.#delivering = true;
      try {
        do {
          this.#again = false;
          const entries = await this.#meanwhile.begin(await this.#store.list());
          await Promise.all([...lanes(entries).keys()].map((id) => this.#lane(id, lost, entries)));
        } while (this.#again && !lost.aborted);
      } finally {
        this.#delivering = false;
      }
    });
    const left = (await this.#store.list()).some(isToGo);
    if (left) this.#laterTimer = setTimeout(() => this.drain(), this.#later.next());
    else this.#later.reset();
  }

  /**
   * @param {string} conversationId @param {AbortSignal} lost
   * @param {OutboxEntry[] | null} entries what waits, as it was read a moment ago
   */
  async #lane(conversationId, lost, entries) {
    const backoff = new Backoff(this.#quick);
    while (!lost.aborted) {
      const first = head(lanes(entries ?? (await this.#store.list())).get(conversationId) ?? []);
      entries = null;
      const entry = first && (await this.#meanwhile.whole(first));
      if (!entry) return;
      const failure = await this.#attempt(entry);
      if (failure === null) {
        backoff.reset();
        continue;
      }
      const failed = afterFailure(entry, failure);
      const after = (await this.#find(entry.id))?.held ? setAside(failed) : failed;
      await this.#store.update(after);
      await this.#tell("changed");
      this.#listeners.onFailure?.(after, failure);
      if (after.state !== "parked") this.#share({ what: "trouble", failed: { entry: after, status: failure.status } });
      await this.#answerMeanwhile();
      if (after.state === "parked") continue;
      if (after.state === "not_saved" || failure.status === 401) return;
      const asked = Math.min(failure.retryAfter ?? 0, 5) * 1000;
      await sleep(Math.max(backoff.next(), asked), this.#wake.signal);
    }
  }

  /** @param {OutboxEntry} entry @returns {Promise<Failure | null>} */
  async #attempt(entry) {
    let answer;
    let sent = () => {};
    this.#inFlight.add(entry.id);
    this.#sending.set(entry.conversation_id, new Promise((go) => (sent = go)));
    try {
      answer = await this.#deliver(entry);
      // Its answer is being said: whoever shows it follows before anything is put in order here. A
      // message that is sent twice because this page ends now is stored once.
      this.#listeners.onDelivered?.(entry, answer, true);
    } catch (error) {
      if (typeof (/** @type {any} */ (error)?.status) !== "number") throw error;
      return /** @type {Failure} */ (/** @type {unknown} */ (error));
    } finally {
      this.#inFlight.delete(entry.id);
      this.#sending.delete(entry.conversation_id);
      sent();
    }
    this.#later.reset();
    this.#trouble = null;
    this.#post({ what: "delivered", entry, answer });
    await this.#store.remove(entry.id);
    // It was on its way when another wording took its place: that one follows as an edit of it.
    const heir = (await this.#store.list()).find(({ instead }) => instead === entry.id);
    if (heir) await this.#store.update({ ...heir, replaces: entry.id });
    await this.#tell("changed");
    return null;
  }

  async #answerMeanwhile() {
    if (this.#delivering) await this.#meanwhile.begin(await this.#store.list());
  }

  /** @param {"added" | "changed"} what */
  async #tell(what) {
    await this.#changed();
    this.#post({ what });
  }

  /** @param {Trouble} trouble */
  #share(trouble) {
    this.#trouble = trouble;
    this.#post(trouble);
  }

  /** @param {News} news */
  #post(news) {
    this.#channel.postMessage(news);
  }

  async #changed() {
    this.#report(await this.#store.list());
  }

  /** @param {OutboxEntry[]} entries */
  #report(entries) {
    this.#reported = entries;
    if (!entries.some(isToGo)) this.#trouble = null;
    this.#listeners.onChange?.(entries);
  }

  /** @param {News} news from another tab */
  async #heard(news) {
    if (news.what === "delivered") {
      this.#trouble = null;
      this.#listeners.onDelivered?.(news.entry, news.answer, false);
    } else if (news.what === "trouble") {
      // Whether the server answers at all, each tab finds out for itself.
      if (news.failed && news.failed.status !== 0) this.#listeners.onFailure?.(news.failed.entry, news.failed);
      else this.#listeners.onSlow?.();
      return;
    } else if (news.what === "here") {
      if (this.#trouble) this.#post(this.#trouble);
      return;
    }
    await this.#changed();
    // Stand in line, so that the delivering tab's death does not strand what waits. Failures are
    // no reason to: two tabs would wake each other without a pause.
    if (news.what === "added") {
      unlessClosed(this.#answerMeanwhile());
      this.drain();
    }
  }
}

/** Whether it is still to be delivered. @param {OutboxEntry} entry */
const isToGo = (entry) => entry.state !== "parked";

/**
 * Another tab may have taken the store away for a newer version: this page has said so already,
 * and what waits is that tab's to deliver.
 * @param {Promise<void>} work
 */
function unlessClosed(work) {
  return work.catch((error) => {
    if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
  });
}
