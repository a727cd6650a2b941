import { signal } from "@preact/signals";
import { readFromZip } from "../../models/zip_reader.js";
import { cutText } from "../../models/characters.js";
import { archives } from "../../words/en/archives.js";
import { imports as importWords } from "../../words/en/imports.js";
import { findLastCampaign, rememberCampaign } from "../campaign/campaign_last.js";
import { FORMAT, isOwnArchive, isText, parsed } from "./chosen_file.js";
import { noChoices } from "./choices.js";
import { findTalk, isLong, lookAtTranscript, transcriptPath } from "./transcript_look.js";

/**
 * A file on its way in. It goes on while its screen is left, so its state stands here.
 *
 * @typedef {{ format: string, version: number, campaign_id: string, name: string, made_at: string, rows: Record<string, number>, holds?: import("../../models/file_words.js").Holdings }} Manifest
 * @typedef {{ campaign_id: string, name: string, is_copy: boolean, holds: import("../../models/file_words.js").Holdings,
 *   voices_to_review: string[], dropped_links: number }} RestoredCampaign
 * @typedef {{ id: string, kind: "archive" | "transcript" | "files", conversation_id: string | null, title: string,
 *   state: "running" | "done" | "cancelled" | "failed", messages: number, bytes_read: number, bytes_total: number,
 *   restored: RestoredCampaign | null,  fault: { code: string, detail: string, cure?: string | null } | null,
 *   things?: number, conversations?: number, remarks?: import("./transcript_look.js").Remark[], campaign_id?: string | null, report?: any }} Import
 * @typedef {{ removed: number, put_back: number, left: { kind: string, id: string, name: string }[] }} Undone
 *
 * @typedef {{ is: "choosing", words?: string, isTrouble?: boolean }
 *   | { is: "looking", name: string }
 *   | { is: "archive", file: File, manifest: Manifest, isHere: boolean, isNamed: boolean }
 *   | import("./transcript_look.js").TranscriptStep
 *   | { is: "files", preview: import("./choices.js").FilesPreview, choices: import("./choices.js").Choices,
 *       campaigns: { id: string, name: string }[], isBusy: boolean, words: string }
 *   | { is: "imported", now: Import, undone: Undone | null }
 *   | { is: "sending", name: string, sent: number, total: number }
 *   | { is: "storing", name: string }
 *   | { is: "running", now: Import, campaignId: string | null }
 *   | { is: "restored", restored: RestoredCampaign }
 *   | { is: "taken", now: Import, campaignId: string | null }
 *   | { is: "failed", words: string }} Step
 */

const VERSION = 1;

/** Talk by its ending: looked at here before any of it is sent. */
const TALK = /\.(txt|log|jsonl|ndjson|vtt|srt)$/i;

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
        start[0] === 0x50 && start[1] === 0x4b
          ? await this.#lookAtArchive(file)
          : await lookAtTranscript(this.#sendingOf(file), file);
    });
  }

  /**
   * Looks at files of any kind: they are sent, and nothing of them is in a campaign yet.
   * @param {import("./sent_files.js").ChosenFile[]} files
   */
  async lookAll(files) {
    const [first] = files;
    if (!first) return;
    if (files.length === 1 && (TALK.test(first.name) || (await isOwnArchive(first.file)))) return this.look(first.file);
    await this.#try(async () => {
      const isAlone = files.length === 1 && (await isText(first.file));
      if (isAlone) this.step.value = { is: "looking", name: first.name };
      const talk = isAlone ? await findTalk(this.#sendingOf(first.file), first.file) : null;
      if (talk) return void (this.step.value = talk);
      const { campaigns } = await this.#api.get("/api/campaigns?limit=200");
      const last = findLastCampaign()?.id;
      const chosen = campaigns.find((/** @type {any} */ each) => each.id === last) ?? campaigns[0];
      try {
        const preview = await this.#sendAll(files, chosen?.id);
        if (files.length === 1 && preview.format === "talk") {
          this.step.value = await lookAtTranscript(this.#sendingOf(first.file), first.file);
          return void (await this.#api.post(`/api/imports/${preview.import_id}/cancel`));
        }
        this.step.value = { is: "files", preview, choices: noChoices(), campaigns, isBusy: false, words: "" };
      } catch (error) {
        const isUnknown = /** @type {any} */ (error).code === "import_not_recognised";
        if (!isUnknown || files.length > 1 || !(await isText(first.file))) throw error;
        this.step.value = await lookAtTranscript(this.#sendingOf(first.file), first.file);
      }
    });
  }

  /** Looks at a text that is in a campaign already, as notes. @param {string} name @param {string} text @param {string} campaignId */
  async lookAtText(name, text, campaignId) {
    await this.#try(async () => {
      const { campaigns } = await this.#api.get("/api/campaigns?limit=200");
      const file = new File([text], `${name.replaceAll("/", " ")}.md`, { type: "text/markdown" });
      const preview = await this.#sendAll([{ name: file.name, file }], campaignId);
      this.step.value = { is: "files", preview, choices: noChoices(), campaigns, isBusy: false, words: "" };
    });
  }

  /**
   * @param {import("./sent_files.js").ChosenFile[]} files @param {string | undefined} campaignId
   * @returns {Promise<import("./choices.js").FilesPreview>}
   */
  async #sendAll(files, campaignId) {
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    const calling = this.#begin();
    let id = "";
    let before = 0;
    let answer = /** @type {any} */ (null);
    for (const [at, { name, file }] of files.entries()) {
      const asked = new URLSearchParams({ filename: cutText(name, 500), more: String(at < files.length - 1) });
      if (id) asked.set("import_id", id);
      else if (campaignId) asked.set("campaign_id", campaignId);
      const onBytes = (/** @type {number} */ sent) => this.#tellSent(files, at, before + sent, total);
      onBytes(0);
      answer = await this.#api.upload(`/api/imports?${asked}`, file, { signal: calling, onBytes });
      id = answer.import_id;
      before += file.size;
    }
    return answer;
  }

  /** @param {import("./sent_files.js").ChosenFile[]} files @param {number} at @param {number} sent @param {number} total */
  #tellSent(files, at, sent, total) {
    const name = files.length === 1 ? files[0].name : importWords.sending(at + 1, files.length);
    this.step.value = sent >= total ? { is: "looking", name } : { is: "sending", name, sent, total };
  }

  /** Keeps what was chosen in the preview. @param {import("./choices.js").Choices} choices */
  choose(choices) {
    const step = this.step.value;
    if (step.is === "files") this.step.value = { ...step, choices };
  }

  /** Looks again, with another kind of something, or for another campaign. @param {import("./choices.js").Choices} choices @param {string | null} campaignId */
  async lookAgain(choices, campaignId) {
    const step = this.step.value;
    if (step.is !== "files") return;
    this.step.value = { ...step, choices, isBusy: true, words: "" };
    const path = `/api/imports/${step.preview.import_id}/preview`;
    try {
      const body = {
        campaign_id: campaignId,
        choices: { kinds: choices.kinds, columns: choices.columns, read_notes: choices.read_notes },
      };
      const preview = await this.#api.post(path, body);
      this.step.value = { ...step, preview, choices, isBusy: false, words: "" };
    } catch (error) {
      const { detail, cure } = /** @type {any} */ (error);
      if (!detail) throw error;
      this.step.value = { ...step, isBusy: false, words: [detail, cure].filter(Boolean).join(" ") };
    }
  }

  /** Makes the first campaign, for what is in the preview. @param {string} name */
  async makeCampaign(name) {
    const step = this.step.value;
    if (step.is !== "files") return;
    const made = await this.#api.post("/api/campaigns", { name });
    rememberCampaign(made);
    this.step.value = { ...step, campaigns: [made] };
    await this.lookAgain(step.choices, made.id);
  }

  /** Imports what is in the preview. Of notes that a model reads the reading begins: the id of their text. @returns {Promise<string | null>} */
  async accept() {
    const step = this.step.value;
    if (step.is !== "files") return null;
    const { import_id: id, campaign_id: campaignId } = step.preview;
    this.step.value = { ...step, isBusy: true };
    await this.#try(async () => {
      const { follow } = await this.#api.post(`/api/imports/${id}/accept`, { choices: step.choices });
      this.#begin();
      await this.#follow(follow, campaignId);
    });
    const ended = /** @type {Step} */ (this.step.value);
    const [text] = ended.is === "imported" && step.choices.read_notes ? (ended.now.report?.notes ?? []) : [];
    if (!text) return null;
    const review = await this.#api.post("/api/transcript-reviews", { conversation_id: text });
    await this.#api.post(`/api/transcript-reviews/${review.id}/start`, {});
    return text;
  }

  /** Takes back what an import did. @param {Import} now */
  async undo(now) {
    const undone = await this.#api.post(`/api/imports/${now.id}/undo`);
    this.step.value = { is: "imported", now: { ...now, state: /** @type {any} */ ("undone") }, undone };
  }

  /** Shows what an earlier import did. @param {Import} now */
  show(now) {
    this.step.value = { is: "imported", now, undone: null };
  }

  /** Forgets what was only looked at. */
  async forget() {
    const step = this.step.value;
    this.again();
    if (step.is === "files") await this.#api.post(`/api/imports/${step.preview.import_id}/cancel`);
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

  /** Reads a transcript as another format. @param {string} format */
  async readAs(format) {
    const step = this.step.value;
    if (step.is !== "transcript") return;
    await this.#try(async () => {
      this.step.value = await lookAtTranscript(this.#sendingOf(step.file), step.file, format);
    });
  }

  /** Sends what is looked at, and says how far that is. @param {File} file @returns {import("./transcript_look.js").Send} */
  #sendingOf(file) {
    return (path, sent) => {
      const onBytes = (/** @type {number} */ bytes) => {
        if (isLong(sent)) this.#tellSent([{ name: file.name, file }], 0, bytes, file.size);
      };
      return this.#api.upload(path, sent, { signal: this.#begin(), onBytes });
    };
  }

  /** Restores a campaign from its archive. @param {File} file */
  async restore(file) {
    const asked = new URLSearchParams({ wait: "false", title: cutText(file.name, 200) });
    await this.#try(async () => this.#follow(await this.#send(`/api/archives?${asked}`, file), null));
  }

  /** Imports a transcript. @param {File} file @param {import("./transcript_look.js").Wanted} wanted */
  async take(file, wanted) {
    await this.#try(async () => this.#follow(await this.#send(transcriptPath(wanted), file), wanted.campaignId));
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
    if (now.kind === "files") {
      this.step.value = { is: "imported", now, undone: null };
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

const kept = /** @type {WeakMap<object, Importing>} */ (new WeakMap());

/** The one import of this page. @param {import("../app.js").App} app */
export function importingOf(app) {
  const importing = kept.get(app) ?? new Importing(app.api);
  kept.set(app, importing);
  return importing;
}
