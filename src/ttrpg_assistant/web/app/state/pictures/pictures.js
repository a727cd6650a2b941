import { signal } from "@preact/signals";
import { useApp } from "../app.js";

/**
 * Portraits, and the bytes of pictures: asked for once, however often they are shown.
 *
 * A picture is fetched with the credential and shown from memory, because an image element cannot
 * carry one. Its bytes never change, so the browser's own cache keeps them.
 *
 * @typedef {import("../../types.js").Picture} Picture
 * @typedef {import("@preact/signals").Signal<Picture | null | undefined>} Portrait null: none; undefined: not known yet
 * @typedef {import("@preact/signals").Signal<string | null>} Source an address for an image; null until it is there
 */

/** Things whose portraits are asked for at once. */
const TOGETHER = 100;

/** Pictures whose bytes are held in memory. */
const HELD = 200;

export class Pictures {
  #api;
  #portraits = new Map(/** @type {[string, Portrait][]} */ ([]));
  #waiting = new Set(/** @type {string[]} */ ([]));
  #sources = new Map(/** @type {[string, Source][]} */ ([]));

  /** @param {import("../app.js").App} app */
  constructor(app) {
    this.#api = app.api;
    const again = () => {
      for (const key of this.#portraits.keys()) this.#wait(key);
    };
    app.attend({
      onHint: ({ event, id, campaign_id: campaign }) => {
        if (event === "removal") again();
        const key = `${campaign} ${id}`;
        if (event === "pictures" && this.#portraits.has(key)) this.#wait(key);
      },
      onCatchUp: again,
    });
  }

  /** @param {string} campaignId @param {string} thingId @returns {Portrait} */
  portraitOf(campaignId, thingId) {
    const key = `${campaignId} ${thingId}`;
    const known = this.#portraits.get(key);
    if (known) return known;
    const portrait = signal(/** @type {Picture | null | undefined} */ (undefined));
    this.#portraits.set(key, portrait);
    this.#wait(key);
    return portrait;
  }

  /** Shows a portrait that is known to be newer. @param {string} campaignId @param {string} thingId @param {Picture | null} picture */
  put(campaignId, thingId, picture) {
    this.portraitOf(campaignId, thingId).value = picture;
  }

  /** @param {Picture} picture @param {"thumb" | "full"} size @returns {Source} */
  source({ id }, size) {
    const key = `${id} ${size}`;
    const source = this.#sources.get(key) ?? this.#load(key, `/api/pictures/${id}?size=${size}`);
    this.#sources.delete(key);
    this.#sources.set(key, source);
    return source;
  }

  /** @param {string} key @param {string} path */
  #load(key, path) {
    const source = signal(/** @type {string | null} */ (null));
    this.#api.picture(path).then(
      (blob) => {
        source.value = URL.createObjectURL(blob);
        for (const [old, { value }] of [...this.#sources].slice(0, -HELD)) {
          this.#sources.delete(old);
          if (value) URL.revokeObjectURL(value);
        }
      },
      (fault) => {
        // Without its picture a thing is shown by its letters; it is asked for again when it is shown again.
        this.#sources.delete(key);
        if (!fault.detail) throw fault;
      },
    );
    return source;
  }

  /** @param {string} key */
  #wait(key) {
    if (this.#waiting.size === 0) setTimeout(() => this.#ask(), 0);
    this.#waiting.add(key);
  }

  #ask() {
    const keys = [...this.#waiting];
    this.#waiting.clear();
    const byCampaign = Map.groupBy(keys, (key) => key.split(" ")[0]);
    for (const [campaign, all] of byCampaign)
      for (let start = 0; start < all.length; start += TOGETHER)
        this.#askFor(
          campaign,
          all.slice(start, start + TOGETHER).map((key) => key.split(" ")[1]),
        );
  }

  /** @param {string} campaign @param {string[]} things */
  async #askFor(campaign, things) {
    const wanted = things.map((id) => `&thing_id=${id}`).join("");
    try {
      const page = await this.#api.get(`/api/campaigns/${campaign}/pictures?role=portrait&limit=${TOGETHER}${wanted}`);
      /** @type {Map<string, Picture>} */
      const found = new Map(page.pictures.map((/** @type {Picture} */ one) => [one.thing_id, one]));
      for (const id of things) {
        const portrait = this.portraitOf(campaign, id);
        const now = found.get(id) ?? null;
        if (portrait.value?.id !== now?.id || portrait.value?.revision !== now?.revision) portrait.value = now;
      }
    } catch (fault) {
      if (!(/** @type {any} */ (fault).detail)) throw fault;
      // Letters stand for it until the server answers again, which is said to whoever attends.
    }
  }
}

const made = new WeakMap(/** @type {[import("../app.js").App, Pictures][]} */ ([]));

/** The pictures of this page. @returns {Pictures} */
export function usePictures() {
  const app = useApp();
  const known = made.get(app);
  if (known) return known;
  const pictures = new Pictures(app);
  made.set(app, pictures);
  return pictures;
}
