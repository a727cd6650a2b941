import { signal } from "@preact/signals";
import { newId } from "../../identity.js";
import { troubleWith } from "../../models/picture_files.js";
import { sentences } from "../../models/sentences.js";
import { gallery as t } from "../../words/en/gallery.js";
import { offerUndo } from "../campaign/campaign_actions.js";
import { announce, attempt } from "../notices.js";

/**
 * The pictures of one thing: added one after another, described, ordered and removed.
 *
 * @typedef {import("../../types.js").Picture} Picture
 * @typedef {{ campaignId: string, kind: string, thingId: string }} Thing
 */
export class Gallery {
  /** What is being added: which of how many, and how much of it has been sent from 0 to 1. */
  adding = signal(/** @type {{ at: number, of: number, share: number } | null} */ (null));
  /** Why the last file that was not added was not. */
  trouble = signal("");
  /** The ids in their order while a move is being saved; what is read meanwhile may still have the old one. */
  order = signal(/** @type {string[] | null} */ (null));
  #app;
  #thing;
  #pull;
  #waiting = /** @type {File[]} */ ([]);
  #sending = /** @type {AbortController | null} */ (null);
  #moving = Promise.resolve();
  #moves = 0;
  #revisions = new Map(/** @type {[string, number][]} */ ([]));

  /** @param {import("../app.js").App} app @param {Thing} thing @param {() => Promise<void>} pull shows what is stored now */
  constructor(app, thing, pull) {
    this.#app = app;
    this.#thing = thing;
    this.#pull = pull;
  }

  /** @param {File[]} files */
  async add(files) {
    this.trouble.value = "";
    this.#waiting.push(...files);
    if (this.#sending || this.#waiting.length === 0) return;
    const sending = new AbortController();
    this.#sending = sending;
    let at = 0;
    let added = 0;
    for (let file = this.#waiting.shift(); file && !sending.signal.aborted; file = this.#waiting.shift()) {
      at += 1;
      if (await this.#addOne(file, at, sending.signal)) added += 1;
    }
    this.#sending = null;
    this.adding.value = null;
    if (added > 0) announce(t.added(added));
  }

  /** @param {File} file @param {number} at @param {AbortSignal} signal */
  async #addOne(file, at, signal) {
    const trouble = troubleWith(file);
    if (trouble) {
      this.trouble.value = t.notAdded(file.name, trouble);
      return false;
    }
    const of = at + this.#waiting.length;
    this.adding.value = { at, of, share: 0 };
    const { campaignId, kind, thingId } = this.#thing;
    const path = `/api/campaigns/${campaignId}/pictures?kind=${kind}&thing_id=${thingId}&id=${newId()}`;
    const onBytes = (/** @type {number} */ sent) => {
      this.adding.value = { at, of: at + this.#waiting.length, share: file.size ? sent / file.size : 1 };
    };
    try {
      await this.#app.api.upload(path, file, { signal, onBytes });
      await this.#pull();
      return true;
    } catch (fault) {
      const { detail, cure, code } = /** @type {any} */ (fault);
      if (!detail) throw fault;
      if (code !== "aborted") this.trouble.value = t.notAdded(file.name, sentences(detail, cure));
      return false;
    }
  }

  /**
   * Changes what is said of it, after the moves that are still being saved; true when that was saved.
   * @param {Picture} picture @param {Record<string, unknown>} changes
   */
  change(picture, changes) {
    const changed = this.#moving.then(() => this.#change(picture, changes));
    this.#moving = changed.then(
      () => {},
      () => {},
    );
    return changed;
  }

  /** @param {Picture} picture @param {Record<string, unknown>} changes */
  async #change({ id, revision }, changes) {
    const at = Math.max(revision, this.#revisions.get(id) ?? 0);
    const saved = await attempt(() => this.#app.api.patch(`/api/pictures/${id}`, { revision: at, changes }));
    if (saved) this.#revisions.set(id, saved.revision);
    await this.#pull();
    return saved !== undefined;
  }

  /**
   * Moves it, one move after another; it is shown in its new place at once.
   * @param {Picture} picture @param {number} place among all of the thing @param {string[]} order the ids with it there
   */
  move(picture, place, order) {
    this.order.value = order;
    this.#moves += 1;
    this.#moving = this.#moving.then(async () => {
      await this.#change(picture, { place });
      this.#moves -= 1;
      if (this.#moves === 0) this.order.value = null;
    });
    return this.#moving;
  }

  /** Removes it, with a way back; true when it is gone. @param {Picture} picture */
  async remove({ id }) {
    const removed = await attempt(() => this.#app.api.delete(`/api/pictures/${id}`));
    if (!removed) return false;
    offerUndo(this.#app, t.removed, removed.removal_id);
    await this.#pull();
    return true;
  }

  /** The sheet is left: what was not sent is not added. */
  stop() {
    this.#waiting = [];
    this.#sending?.abort();
  }
}
