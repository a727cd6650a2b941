import { signal } from "@preact/signals";
import { readFromZip } from "../../models/zip_reader.js";
import { cutText } from "../../models/characters.js";
import { archives } from "../../words/en/archives.js";

/**
 * A file on its way in. It goes on while its screen is left, so its state stands here.
 *
 * @typedef {{ format: string, version: number, campaign_id: string, name: string, made_at: string, rows: Record<string, number>, holds?: import("../../models/file_words.js").Holdings }} Manifest
 * @typedef {{ name: string, role: string, messages: number }} Speaker
 * @typedef {{ format: "text" | "jsonl", speakers: Speaker[], more_speakers: number, messages: number,
 *   first: { speaker: string, role: string, content: string }[] }} Preview
 * @typedef {{ campaign_id: string, name: string, is_copy: boolean, holds: import("../../models/file_words.js").Holdings,
 *   voices_to_review: string[], dropped_links: number }} RestoredCampaign
 * @typedef {{ id: string, kind: "archive" | "transcript", conversation_id: string | null, title: string,
 *   state: "running" | "done" | "cancelled" | "failed", messages: number, bytes_read: number, bytes_total: number,
 *   restored: RestoredCampaign | null, fault: { code: string, detail: string, cure?: string | null } | null }} Import
 *
 * @typedef {{ is: "choosing", words?: string, isTrouble?: boolean }
 *   | { is: "looking", name: string }
 *   | { is: "archive", file: File, manifest: Manifest, isHere: boolean, isNamed: boolean }
 *   | { is: "transcript", file: File, preview: Preview, isWhole: boolean }
 *   | { is: "sending", name: string, sent: number, total: number }
 *   | { is: "storing", name: string }
 *   | { is: "running", now: Import, campaignId: string | null }
 *   | { is: "restored", restored: RestoredCampaign }
 *   | { is: "taken", now: Import, campaignId: string | null }
 *   | { is: "failed", words: string }} Step
 */

const FORMAT = "ttrpg-assistant campaign";
const VERSION = 1;

/** So much of a transcript is looked at before it is sent, in bytes. */
const LOOK = 1024 * 1024;

/** How often a running import is asked how far it is, in milliseconds. */
const EVERY = 400;

export class Importing {
  #api;
  #calling = new AbortController();
  step = signal(/** @type {Step} */ ({ is: "choosing" }));

  /** @param {import("../../api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** One that was begun before this page was opened goes on being shown. */
  async takeUp() {
    if (this.step.value.is !== "choosing") return;
    const { imports } = await this.#api.get("/api/imports");
    const now = imports.find((/** @type {Import} */ each) => each.state === "running");
    if (now && this.step.value.is === "choosing") await this.#follow(now, null);
  }

  /** Looks at a file; nothing is stored. @param {File} file */
  async look(file) {
    this.step.value = { is: "looking", name: file.name };
    await this.#try(async () => {
      const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
      this.step.value =
        start[0] === 0x50 && start[1] === 0x4b ? await this.#lookAtArchive(file) : await this.#lookAtTranscript(file);
    });
  }

  /** @param {File} file @returns {Promise<Step>} */
  async #lookAtArchive(file) {
    const text = await readFromZip(file, "manifest.json");
    const manifest = /** @type {Manifest | null} */ (parsed(text));
    if (manifest?.format !== FORMAT || !manifest.rows) {
      return {
        is: "choosing",
        isTrouble: true,
        words: archives.notAnArchive(file.name),
      };
    }
    if (manifest.version !== VERSION) {
      return {
        is: "choosing",
        isTrouble: true,
        words: archives.newerArchive(file.name),
      };
    }
    const isHere = await this.#isHere(manifest.campaign_id);
    return { is: "archive", file, manifest, isHere, isNamed: await this.#isNamed(manifest.name) };
  }

  /** @param {string} id */
  async #isHere(id) {
    try {
      await this.#api.get(`/api/campaigns/${encodeURIComponent(id)}`);
      return true;
    } catch (error) {
      if (/** @type {any} */ (error).status !== 404 && /** @type {any} */ (error).status !== 422) throw error;
      return false;
    }
  }

  /** Whether a campaign is called so already. @param {string} name */
  async #isNamed(name) {
    const asked = new URLSearchParams({ search: name.slice(0, 200), archived: "all", limit: "200" });
    const { campaigns } = await this.#api.get(`/api/campaigns?${asked}`);
    return campaigns.some((/** @type {any} */ each) => each.name.toLowerCase() === name.toLowerCase());
  }

  /** @param {File} file @returns {Promise<Step>} */
  async #lookAtTranscript(file) {
    const isWhole = file.size <= LOOK;
    const path = `/api/transcripts/preview?whole=${isWhole}`;
    const preview = await this.#api.upload(path, file.slice(0, LOOK), { signal: this.#begin(), onBytes: () => {} });
    return { is: "transcript", file, preview, isWhole };
  }

  /** Restores a campaign from its archive. @param {File} file */
  async restore(file) {
    const asked = new URLSearchParams({ wait: "false", title: cutText(file.name, 200) });
    await this.#try(async () => this.#follow(await this.#send(`/api/archives?${asked}`, file), null));
  }

  /**
   * Takes a transcript in.
   * @param {File} file
   * @param {{ format: string, title: string, campaignId: string, answers: string[] }} wanted
   */
  async take(file, { format, title, campaignId, answers }) {
    const asked = new URLSearchParams({ format, title, campaign_id: campaignId, answers: "" });
    for (const name of answers) asked.append("answers", name);
    await this.#try(async () => this.#follow(await this.#send(`/api/transcripts?${asked}`, file), campaignId));
  }

  /** Stops what is under way; nothing of it is left, unless it was whole before. */
  async cancel() {
    const now = this.step.value;
    this.#calling.abort();
    if (now.is === "running") {
      const ended = await this.#api.post(`/api/imports/${now.now.id}/cancel`);
      if (ended.state === "done") return void (await this.#tell(ended, now.campaignId));
    }
    this.step.value = {
      is: "choosing",
      words: now.is === "running" || now.is === "sending" ? archives.cancelled : "",
    };
  }

  again() {
    this.step.value = { is: "choosing" };
  }

  /** @param {string} path @param {File} file */
  #send(path, file) {
    this.step.value = { is: "sending", name: file.name, sent: 0, total: file.size };
    const onBytes = (/** @type {number} */ sent) => {
      this.step.value =
        sent >= file.size
          ? { is: "storing", name: file.name }
          : { is: "sending", name: file.name, sent, total: file.size };
    };
    return this.#api.upload(path, file, { signal: this.#begin(), onBytes });
  }

  /** @param {Import} begun @param {string | null} campaignId */
  async #follow(begun, campaignId) {
    let now = begun;
    const { signal: called } = this.#calling;
    while (now.state === "running") {
      this.step.value = { is: "running", now, campaignId };
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      if (called.aborted) return;
      try {
        now = await this.#api.get(`/api/imports/${now.id}`);
      } catch (error) {
        // Not answering for a moment is not the end of it; being unknown is.
        if (/** @type {any} */ (error).status === 404) throw error;
      }
      if (called.aborted) return;
    }
    if (now.state === "done") await this.#tell(now, campaignId);
    else
      this.step.value = {
        is: "failed",
        words: [now.fault?.detail ?? archives.cancelled, now.fault?.cure].filter(Boolean).join(" "),
      };
  }

  /** It is there. @param {Import} now @param {string | null} campaignId */
  async #tell(now, campaignId) {
    if (now.restored) {
      this.step.value = { is: "restored", restored: now.restored };
      return;
    }
    this.step.value = { is: "taken", now, campaignId: campaignId ?? (await this.#campaignOf(now)) };
  }

  /** Begun by a page that is gone: the conversation itself says where it belongs. @param {Import} now @returns {Promise<string | null>} */
  async #campaignOf(now) {
    return (await this.#api.get(`/api/threads/${now.conversation_id}`)).campaign_id;
  }

  #begin() {
    this.#calling = new AbortController();
    return this.#calling.signal;
  }

  /** @param {() => Promise<void>} deed */
  async #try(deed) {
    try {
      await deed();
    } catch (error) {
      const { detail, cure, code } = /** @type {any} */ (error);
      if (!detail) throw error;
      if (code !== "aborted") this.step.value = { is: "failed", words: [detail, cure].filter(Boolean).join(" ") };
    }
  }
}

/** @param {string | null} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

const kept = /** @type {WeakMap<object, Importing>} */ (new WeakMap());

/** The one import of this page. @param {import("../app.js").App} app */
export function importingOf(app) {
  const importing = kept.get(app) ?? new Importing(app.api);
  kept.set(app, importing);
  return importing;
}
