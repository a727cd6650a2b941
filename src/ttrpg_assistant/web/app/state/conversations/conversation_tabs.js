import { signal } from "@preact/signals";
import { attempt } from "../notices.js";
import { threadTitle } from "../../models/purposes.js";
import { sceneTitle } from "../../models/scene_turns.js";
import { navigate, query } from "../../router.js";
import { threads as threadsWords } from "../../words/en/threads.js";

/**
 * The conversations of one campaign, as tabs: the quick chat, its threads, and scenes and talk with
 * NPCs that were opened here. Which one is shown survives going elsewhere, a reload, and stands in the address.
 *
 * @typedef {import("../../types.js").Conversation} Conversation
 * @typedef {import("../app.js").App} App
 * @typedef {{ id: string, name: string, unread_count: number, conversation_count: number }} NpcSummary
 *
 * @typedef {object} Tab
 * @property {string} key "general", "thread:ID", "npc:ID" or "scene:ID"
 * @property {"chat" | "thread" | "npc" | "scene"} kind
 * @property {string | null} id of the thread, the NPC or the scene
 * @property {string} name
 * @property {boolean} unread
 * @property {boolean} writing an answer is being written
 * @property {string[]} conversations whose proposals belong to it
 */

/** More threads than this are found under the campaign's conversations. */
const MOST_THREADS = 100;

const SOON = 120;

export class ConversationTabs {
  #app;
  #viewers = 0;
  #leave = /** @type {() => void} */ (() => {});
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #writing = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  #generalUnread = signal(false);

  threads = signal(/** @type {Conversation[]} */ ([]));
  /** Pending proposals of this campaign, by conversation. */
  pending = signal(/** @type {ReadonlyMap<string, number>} */ (new Map()));
  /** Those from before a fork whose own thread is not among the tabs: counted once, on a branch. */
  inherited = signal(/** @type {ReadonlyMap<string, number>} */ (new Map()));
  #npcs = signal(/** @type {ReadonlyMap<string, NpcSummary>} */ (new Map()));
  #talks = signal(/** @type {ReadonlyMap<string, string[]>} */ (new Map()));
  #scenes = signal(/** @type {ReadonlyMap<string, any>} */ (new Map()));
  /** Keys of NPCs and scenes that were opened here. */
  #opened;
  selected;

  /** @param {App} app @param {string} campaignId */
  constructor(app, campaignId) {
    this.#app = app;
    this.campaignId = campaignId;
    this.#opened = signal(/** @type {string[]} */ (recall(`open.${campaignId}`) ?? []));
    this.selected = signal(/** @type {string} */ (asked() ?? recall(`tab.${campaignId}`) ?? "general"));
    this.#noteOpened(this.selected.value);
  }

  /** Keeps itself up to date while it is shown. @returns {() => void} */
  attend() {
    this.#viewers += 1;
    if (this.#viewers === 1) {
      this.load();
      const stopQuery = query.subscribe(() => {
        const wanted = asked();
        if (wanted && wanted !== this.selected.peek()) this.select(wanted);
      });
      const stopHints = this.#app.attend({ onHint: (hint) => this.#hint(hint), onCatchUp: () => this.#soon() });
      this.#leave = () => (stopQuery(), stopHints());
    }
    return () => {
      this.#viewers -= 1;
      if (this.#viewers === 0) this.#leave();
    };
  }

  /** @returns {Tab[]} */
  get list() {
    const known = this.threads.value;
    const selected = this.selected.value;
    const threads = known.map((thread) => this.#threadTab(thread.id, threadTitle(thread), thread.unread_count ?? 0));
    if (selected.startsWith("thread:") && !threads.some(({ key }) => key === selected)) {
      const id = selected.slice("thread:".length);
      const open = this.#app.openConversations.find(id)?.conversation.value;
      threads.unshift(this.#threadTab(id, open ? threadTitle(open) : threadsWords.thread, 0));
    }
    const opened = this.#opened.value.map((key) => {
      const [kind, id] = key.split(":");
      if (kind === "scene") {
        const scene = this.#scenes.value.get(id);
        return this.#tab(
          key,
          kind,
          id,
          scene ? sceneTitle(scene) : threadsWords.scene,
          (scene?.unread_count ?? 0) > 0,
          [id],
        );
      }
      const npc = this.#npcs.value.get(id);
      const conversations = this.#talks.value.get(id) ?? [];
      return this.#tab(key, "npc", id, npc?.name ?? "NPC", (npc?.unread_count ?? 0) > 0, conversations);
    });
    return [
      this.#tab("general", "chat", null, threadsWords.generalTab, this.#generalUnread.value, []),
      ...threads,
      ...opened,
    ];
  }

  /** NPCs that have been talked with and have no tab. */
  get others() {
    const open = new Set(this.#opened.value);
    return [...this.#npcs.value.values()].filter((npc) => npc.conversation_count > 0 && !open.has(`npc:${npc.id}`));
  }

  /** Shows the tab so many places on, round and round. @param {1 | -1} step */
  step(step) {
    const { list } = this;
    const at = list.findIndex(({ key }) => key === this.selected.peek());
    this.select(list[(at + step + list.length) % list.length].key);
  }

  /** @param {string} key */
  select(key) {
    this.#noteOpened(key);
    this.selected.value = key;
    if (key === "general") this.#generalUnread.value = false;
    remember(`tab.${this.campaignId}`, key);
    navigate(addressOf(key), { replace: true });
  }

  /** Takes a scene, or talk with an NPC, off the tabs; what was said stays. @param {string} key */
  close(key) {
    this.#keepOpened(this.#opened.value.filter((each) => each !== key));
    if (this.selected.value === key) this.select("general");
  }

  /** A thread that was made or changed here is shown at once. @param {Conversation} thread */
  put(thread) {
    const before = this.threads.value;
    const others = before.filter(({ id }) => id !== thread.id);
    const isThere = others.length < before.length;
    if (thread.archived_at) this.threads.value = others;
    else if (isThere) this.threads.value = before.map((each) => (each.id === thread.id ? thread : each));
    else this.threads.value = [thread, ...others];
  }

  async load() {
    const { api } = this.#app;
    const at = `/api/campaigns/${this.campaignId}`;
    await attempt(async () => {
      const has = (/** @type {string} */ kind) => this.#opened.value.some((key) => key.startsWith(kind));
      const [threads, npcs, talks, scenes, open] = await Promise.all([
        api.get(`/api/threads?campaign_id=${this.campaignId}&limit=${MOST_THREADS}`),
        api.get(`${at}/npc-summaries`),
        has("npc:") ? api.get(`${at}/npc-conversations`) : { conversations: [] },
        has("scene:") ? api.get(`${at}/scenes`) : { scenes: [] },
        api.get(`/api/suggestions?campaign_id=${this.campaignId}&status=pending&status=conflict&limit=500`),
      ]);
      this.threads.value = inOrder(this.threads.value, threads.threads);
      this.#npcs.value = new Map(npcs.npcs.map((/** @type {NpcSummary} */ npc) => [npc.id, npc]));
      this.#talks.value = grouped(talks.conversations);
      this.#scenes.value = new Map(scenes.scenes.map((/** @type {any} */ scene) => [scene.id, scene]));
      this.pending.value = counted(open.suggestions);
      this.inherited.value = await this.#inherit(threads.threads, open.suggestions);
    });
  }

  /**
   * A branch shares what was proposed before its fork. While the thread it left is a tab, that counts
   * there; once that is archived, it counts on the first branch that has it.
   * @param {Conversation[]} threads @param {{ id: string, conversation_id: string }[]} open
   */
  async #inherit(threads, open) {
    const shown = new Set(threads.map(({ id }) => id));
    const homeless = new Set(open.filter((one) => !shown.has(one.conversation_id)).map(({ id }) => id));
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const branch of threads.filter((thread) => thread.branched_from_id)) {
      if (homeless.size === 0) break;
      const page = await this.#app.api.get(`/api/threads/${branch.id}/suggestions/pending?limit=500`);
      const taken = page.suggestions.filter((/** @type {{ id: string }} */ one) => homeless.delete(one.id));
      if (taken.length > 0) counts.set(branch.id, taken.length);
    }
    return counts;
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#viewers > 0 && this.load(), SOON);
  }

  /** @param {import("../../live.js").Hint} hint */
  #hint(hint) {
    if (hint.event === "suggestions" || hint.event === "campaign" || hint.event === "removal") this.#soon();
    if (hint.event !== "conversation" || !hint.id) return;
    const writing = new Set(this.#writing.value);
    if (hint.status === "streaming") writing.add(hint.id);
    else writing.delete(hint.id);
    this.#writing.value = writing;
    const isOwn = this.#app.openConversations.find(hint.id)?.conversation.value?.campaign_id === this.campaignId;
    if (hint.kind === "chat" && isOwn && hint.status === "complete" && this.selected.value !== "general")
      this.#generalUnread.value = true;
    if (hint.kind !== "chat" && hint.status !== "streaming") this.#soon();
  }

  /** @param {string} id @param {string} name @param {number} unread */
  #threadTab(id, name, unread) {
    return this.#tab(`thread:${id}`, "thread", id, name, unread > 0, [id]);
  }

  /** @param {string} key @param {Tab["kind"]} kind @param {string | null} id @param {string} name @param {boolean} unread @param {string[]} conversations @returns {Tab} */
  #tab(key, kind, id, name, unread, conversations) {
    const writing = conversations.some((each) => this.#writing.value.has(each));
    return { key, kind, id, name, unread: unread && key !== this.selected.value, writing, conversations };
  }

  /** @param {string} key */
  #noteOpened(key) {
    if (!/^(npc|scene):/.test(key) || this.#opened.value.includes(key)) return;
    this.#keepOpened([...this.#opened.value, key]);
    this.#soon();
  }

  /** @param {string[]} keys */
  #keepOpened(keys) {
    this.#opened.value = keys;
    remember(`open.${this.campaignId}`, keys);
  }
}

const kept = /** @type {Map<string, ConversationTabs>} */ (new Map());

/** The tabs of a campaign: the same for as long as the page is open. @param {App} app @param {string} campaignId */
export function tabsOf(app, campaignId) {
  const tabs = kept.get(campaignId) ?? new ConversationTabs(app, campaignId);
  kept.set(campaignId, tabs);
  return tabs;
}

const IN_ADDRESS = ["thread", "npc", "scene"];

/** The tab that the address asks for. */
function asked() {
  const wanted = new URLSearchParams(query.peek());
  if (wanted.has("chat")) return "general";
  const kind = IN_ADDRESS.find((each) => wanted.get(each));
  return kind ? `${kind}:${wanted.get(kind)}` : null;
}

/** The address of this page with another tab in it. @param {string} key */
function addressOf(key) {
  const wanted = new URLSearchParams(location.search);
  if (asked() === key) return location.pathname + location.search; // perhaps at one of its messages
  for (const each of [...IN_ADDRESS, "chat", "conversation", "message"]) wanted.delete(each);
  const [kind, id] = key.split(":");
  if (id) wanted.set(kind, id);
  const said = wanted.toString();
  return location.pathname + (said && `?${said}`);
}

/** Tabs stay where they are; new ones come first. @param {Conversation[]} before @param {Conversation[]} now */
function inOrder(before, now) {
  const place = new Map(before.map(({ id }, at) => [id, at]));
  return [...now].sort((a, b) => (place.get(a.id) ?? -1) - (place.get(b.id) ?? -1));
}

/** @param {Conversation[]} talks */
function grouped(talks) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { id, npc_id: npc } of talks) if (npc) found.set(npc, [...(found.get(npc) ?? []), id]);
  return found;
}

/** @param {{ conversation_id: string }[]} suggestions */
function counted(suggestions) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { conversation_id: id } of suggestions) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** @param {string} name @returns {any} */
function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`ttrpg.${name}`) ?? "null");
  } catch {
    return null; // not kept, or not readable: begin with the quick chat
  }
}

/** @param {string} name @param {unknown} value */
function remember(name, value) {
  try {
    localStorage.setItem(`ttrpg.${name}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: it lasts as long as the page is open.
  }
}
