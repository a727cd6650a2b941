import { signal } from "@preact/signals";
import { newId } from "../../identity.js";
import { sentences } from "../../models/sentences.js";
import { troubleWith } from "../../models/picture_files.js";
import { pictures as t } from "../../words/en/pictures.js";
import { offerUndo } from "../campaign/campaign_actions.js";
import { announce, attempt, toast } from "../notices.js";

/**
 * The portrait of one thing, as it is added, described and removed.
 *
 * @typedef {import("../../types.js").Picture} Picture
 * @typedef {{ campaignId: string, kind: string, thingId: string, name: string }} Thing
 */
export class PortraitUpload {
  /** How much has been sent, from 0 to 1; null while nothing is being added. */
  share = signal(/** @type {number | null} */ (null));
  /** Why the last file was not added. */
  trouble = signal("");
  #app;
  #pictures;
  #thing;
  #sending = /** @type {AbortController | null} */ (null);

  /** @param {import("../app.js").App} app @param {import("./pictures.js").Pictures} pictures @param {Thing} thing */
  constructor(app, pictures, thing) {
    this.#app = app;
    this.#pictures = pictures;
    this.#thing = thing;
  }

  /** Adds a file, in place of the portrait there is. @param {File | null} file @param {boolean} replacing */
  async add(file, replacing) {
    if (!file) return;
    this.trouble.value = troubleWith(file);
    if (this.trouble.value) return;
    this.#sending?.abort();
    const sending = new AbortController();
    this.#sending = sending;
    this.share.value = 0;
    const { campaignId, kind, thingId } = this.#thing;
    const path = `/api/campaigns/${campaignId}/pictures?kind=${kind}&thing_id=${thingId}&role=portrait&id=${newId()}`;
    try {
      const onBytes = (/** @type {number} */ sent) => (this.share.value = file.size ? sent / file.size : 1);
      const added = await this.#app.api.upload(path, file, { signal: sending.signal, onBytes });
      this.#put(added);
      announce(replacing ? t.replaced : t.added);
    } catch (fault) {
      const { detail, cure, code } = /** @type {any} */ (fault);
      if (!detail) throw fault;
      if (code !== "aborted") this.trouble.value = sentences(detail, cure);
    } finally {
      if (this.#sending === sending) this.share.value = null;
    }
  }

  /** Describes it; true when that was saved. @param {Picture} picture @param {string} caption */
  async describe(picture, caption) {
    const saved = await attempt(() =>
      this.#app.api.patch(`/api/pictures/${picture.id}`, { revision: picture.revision, changes: { caption } }),
    );
    if (!saved) return false;
    this.#put(saved);
    toast(t.captionSaved);
    return true;
  }

  /** Removes it, with a way back; true when it is gone. @param {Picture} picture */
  async remove(picture) {
    const removed = await attempt(() => this.#app.api.delete(`/api/pictures/${picture.id}`));
    if (!removed) return false;
    this.#put(null);
    offerUndo(this.#app, t.removed(this.#thing.name), removed.removal_id);
    return true;
  }

  /** The page is left. */
  stop() {
    this.#sending?.abort();
  }

  /** @param {Picture | null} picture */
  #put(picture) {
    this.#pictures.put(this.#thing.campaignId, this.#thing.thingId, picture);
  }
}
