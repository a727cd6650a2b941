import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { signal } from "@preact/signals";
import { Access } from "../access.js";
import { Api } from "../api.js";
import { Drafts } from "../drafts.js";
import { ApiFault } from "../faults.js";
import { ListenerList } from "../listeners.js";
import { ChangesFeed } from "../live.js";
import { withLock } from "../locks.js";
import { Backoff, sleep } from "../models/backoff.js";
import { MemoryStore } from "../models/memory_store.js";
import { Outbox } from "../outbox.js";
import { openBrowserStore } from "../outbox_store.js";
import { messagesPath, turnsPath } from "./conversations/conversation_openers.js";
import { OpenConversations } from "./conversations/open_conversations.js";
import { Models } from "./models/models.js";
import { PersistenceWatch, SLOW_SEND } from "./saving/persistence.js";
import { Proposals } from "./suggestions/proposals.js";
import { deliverAtTable, isAtTable } from "./table/table_delivery.js";
import { UnsavedTalk } from "./saving/unsaved.js";
import { faults } from "../words/en/faults.js";

/**
 * Everything a screen needs, put together once.
 *
 * @typedef {import("../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../types.js").TurnAnswer} TurnAnswer
 * @typedef {import("../live.js").Hint} Hint
 *
 * What an open conversation wants to hear.
 * @typedef {object} Listener
 * @property {(hint: Hint) => void} [onHint]
 * @property {() => void} [onCatchUp]
 * @property {(entry: OutboxEntry, answer: TurnAnswer, isOurs: boolean) => void} [onDelivered] `isOurs`: by this tab
 */

/** A delivering tab that holds the lock longer than this has frozen, in milliseconds. */
const FROZEN = 45_000;

export class App {
  access = new Access();
  drafts = new Drafts();
  persistence = new PersistenceWatch();
  /** What waits on this device. */
  waiting = signal(/** @type {OutboxEntry[]} */ ([]));
  /** This page is older than another open one and can no longer keep messages. */
  outdated = signal(false);
  /** Resolves when what waits on this device is known. */
  outboxOpen = Promise.resolve();
  #listeners = /** @type {ListenerList<Listener>} */ (new ListenerList());

  constructor() {
    this.api = new Api({
      credential: () => this.access.credential(),
      onAnswer: () => {
        this.persistence.connection(true);
        this.outbox?.wake();
      },
      onDenied: () => this.access.denied(),
    });
    this.models = new Models(this.api);
    /** Conversations that were open, each as it was left. */
    this.openConversations = new OpenConversations(this);
    /** What replies have proposed. */
    this.proposals = new Proposals(this);
    this.unsaved = new UnsavedTalk(this.api);
    /** @type {Outbox | null} */
    this.outbox = null;
    this.changes = new ChangesFeed(this.api, {
      onHint: (hint) => this.#hint(hint),
      onCatchUp: () => this.#listeners.each((listener) => listener.onCatchUp?.()),
      onConnection: (connected) => {
        this.persistence.connection(connected);
        if (connected) this.outbox?.wake();
      },
    });
  }

  /** Opens the outbox; afterwards messages can be sent. */
  openOutbox() {
    this.outboxOpen = this.#openOutbox();
    return this.outboxOpen;
  }

  async #openOutbox() {
    let store;
    let durable = true;
    try {
      store = await openBrowserStore({ onGone: () => (this.outdated.value = true) });
      await store.list();
    } catch {
      // A private window, a full or broken profile: whatever the reason, nothing can be kept.
      store = new MemoryStore();
      durable = false;
    }
    this.persistence.durable.value = durable;
    this.outbox = new Outbox({
      store,
      durable,
      deliver: (entry) => this.#deliver(entry),
      lock: (work) => withLock("ttrpg-outbox", work, { patience: FROZEN }),
      channel: new BroadcastChannel("ttrpg-outbox"),
      meanwhile: {
        wanted: (entry) => this.persistence.talksUnsaved && this.unsaved.canAnswer(entry),
        answer: (entry, lane, keep) => this.unsaved.answer(entry, lane, keep),
        isWriting: (entry) => this.unsaved.isWriting(entry),
      },
      listeners: {
        onChange: (entries) => {
          this.waiting.value = entries;
          this.persistence.queue(entries);
        },
        onDelivered: (entry, answer, isOurs) => {
          this.persistence.delivered();
          this.#listeners.each((listener) => listener.onDelivered?.(entry, answer, isOurs));
        },
        onFailure: (entry, failure) => this.persistence.failed(entry, failure.status),
        onSlow: () => this.persistence.slow(),
      },
    });
    await this.outbox.start();
    addEventListener("focus", () => this.outbox?.drain());
    // Only ever a reason to try: the browser's word that it is online proves nothing.
    addEventListener("online", () => this.outbox?.drain());
    document.addEventListener("visibilitychange", () => !document.hidden && this.outbox?.drain());
  }

  /**
   * Lets this browser in, with the token of the start link or what it has kept. A server that does
   * not answer yet is asked until it does: the page opens meanwhile and says so.
   * @param {string | null} token
   */
  async enter(token) {
    const backoff = new Backoff({ first: 500, longest: 8000 });
    for (;;) {
      try {
        return await this.access.enter(this.api, token);
      } catch (error) {
        if (!(error instanceof ApiFault)) throw error;
        this.persistence.connection(false);
        if (this.access.credential() !== null) this.access.standing.value = "in";
        await sleep(backoff.next());
      }
    }
  }

  /** Let in again after having been shut out. */
  resume() {
    this.models.load();
    this.changes.restart();
    this.outbox?.drain();
  }

  /** Begins everything that needs to have been let in. */
  begin() {
    this.models.load();
    this.changes.start();
    this.outbox?.drain();
  }

  /** @param {Listener} listener @returns {() => void} */
  attend(listener) {
    return this.#listeners.add(listener);
  }

  /** A real write, to see whether saving works again. */
  async probe() {
    this.outbox?.drain();
    try {
      this.persistence.heard(await this.api.post("/api/persistence/probe"));
      this.persistence.connection(true);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      if (error.status === 0) this.persistence.connection(false);
      else this.persistence.heard({ state: "unavailable", sentence: error.detail });
    }
  }

  /** @param {OutboxEntry} entry */
  async #deliver(entry) {
    if (this.access.standing.value !== "in") {
      throw new ApiFault({ code: "not_let_in", detail: faults.waitingForSignIn, status: 401 });
    }
    const slow = setTimeout(() => this.outbox?.slow(), SLOW_SEND);
    if (isAtTable(entry)) return deliverAtTable(this.api, entry).finally(() => clearTimeout(slow));
    const kind = /** @type {import("../types.js").Kind} */ (entry.kind);
    const { id, content, mode, replaces, asked_under, aside } = entry;
    const spoken = kind === "scene" ? aside : mode && { mode }; // in a scene one always speaks to those there
    const body = {
      message_id: id,
      content,
      ...spoken,
      ...(replaces && { replaces }),
      ...(asked_under && { asked_under }),
    };
    try {
      if (entry.answer) return await this.#recover(entry, entry.answer);
      return await this.api.post(turnsPath(kind, entry.conversation_id), body);
    } finally {
      clearTimeout(slow);
    }
  }

  /**
   * Stores what was said and answered while nothing could be stored: the answer after its message.
   * @param {OutboxEntry} entry
   * @param {import("../types.js").UnsavedAnswer} answer
   */
  async #recover({ kind, conversation_id: conversationId, id, content, mode }, answer) {
    const path = messagesPath(/** @type {import("../types.js").Kind} */ (kind), conversationId);
    const as = { recovered: true, ...(mode && { mode }) };
    const user = await this.api.post(path, { id, role: "user", content, ...as });
    const reply = { id: answer.id, role: "assistant", content: answer.content, status: answer.status };
    return { user_message: user, assistant_message: await this.api.post(path, { ...reply, ...as }) };
  }

  /** @param {Hint} hint */
  #hint(hint) {
    if (hint.event === "persistence") {
      this.persistence.heard({ state: hint.state, sentence: hint.sentence ?? "" });
      if (hint.state === "available") this.outbox?.wake();
    }
    if (hint.event === "models") this.models.load();
    this.#listeners.each((listener) => listener.onHint?.(hint));
  }
}

export const AppContext = createContext(/** @type {App | null} */ (null));

/** @returns {App} */
export function useApp() {
  const app = useContext(AppContext);
  if (!app) throw new Error("There is no app around this component.");
  return app;
}
