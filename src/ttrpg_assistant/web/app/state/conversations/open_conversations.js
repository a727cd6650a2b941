import { useEffect, useMemo } from "preact/hooks";
import { Talk } from "../talk/talk.js";

/**
 * Conversations that have been open on this page. Going back to one shows it at once, as it was
 * left: its lines, its place, its draft and what its reply had said.
 *
 * @typedef {import("./conversation_openers.js").ConversationOpener} ConversationOpener
 */

/** More than this many are let go, the longest unseen first. */
const MOST = 12;

export class OpenConversations {
  #app;
  #talks = /** @type {Map<string, Talk>} */ (new Map());

  /** @param {import("../app.js").App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {string} key @param {() => ConversationOpener} opener how it is reached, if it is not here yet */
  take(key, opener) {
    const talk = this.#talks.get(key) ?? new Talk(this.#app, opener());
    this.#talks.delete(key);
    this.#talks.set(key, talk);
    for (const [old, each] of this.#talks) {
      if (this.#talks.size <= MOST) break;
      if (each.viewers === 0 && each !== talk) this.drop(old);
    }
    return talk;
  }

  /** The open conversation with this id, if it is here. @param {string} id */
  find(id) {
    return [...this.#talks.values()].find((talk) => talk.id === id) ?? null;
  }

  /** @param {string} key */
  drop(key) {
    this.#talks.get(key)?.close();
    this.#talks.delete(key);
  }
}

/**
 * A conversation for as long as a component shows it.
 * @param {import("../app.js").App} app @param {string} key @param {() => ConversationOpener} opener
 */
export function useTalk(app, key, opener) {
  const talk = useMemo(() => app.openConversations.take(key, opener), [app, key]);
  useEffect(() => talk.attend(), [talk]);
  return talk;
}
