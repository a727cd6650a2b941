/**
 * The lines of one conversation as they are shown: what the server has stored on the active path,
 * then what still waits on this device. A message is one entry from the moment it is sent to the
 * last word of its answer, found by its id.
 *
 * Messages are parent-linked. The path is walked from the newest message (the tip) to the oldest
 * one loaded, so a regenerated or edited message takes its sibling's place by itself.
 *
 * @typedef {import("../types.js").Message} Message
 * @typedef {import("../types.js").MessagePage} MessagePage
 * @typedef {import("../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../types.js").Entry} Entry
 * @typedef {import("../types.js").Sign} Sign
 */

/** More stored entries than this are let go at the far end: the page stays light at any length. */
export const MOST_ENTRIES = 400;

/** A reply is read for proposals within moments, so few messages can follow it before. */
const RECENT = 8;

export class Timeline {
  #known = /** @type {Map<string, Message>} */ (new Map());
  #siblings = /** @type {Map<string, string[]>} */ (new Map());
  #path = /** @type {Message[]} */ ([]);
  #pending = /** @type {OutboxEntry[]} */ ([]);
  #entries = /** @type {Map<string, Entry>} */ (new Map());
  #tip = /** @type {string | null} */ (null);
  #proposing = /** @type {Message | null} */ (null);

  hasOlder = false;
  /** Newer messages exist that were let go, or never loaded: the newest of all is not shown. */
  hasNewer = false;
  /** The end of the branch that is shown, when it is not the active one. */
  branch = /** @type {string | null} */ (null);
  /** What is shown ends where its branch ends. */
  isAtBranchEnd = false;

  /** Starts over from the newest page. @param {MessagePage} page */
  open(page) {
    const before = this.#known;
    this.#known = new Map();
    this.#siblings.clear();
    this.hasOlder = page.has_more;
    this.hasNewer = false;
    this.branch = null;
    this.isAtBranchEnd = false;
    this.#learn(page, before);
    this.#walk(page.tip_message_id);
  }

  /** Starts over around a message, in its own branch. @param {import("../types.js").Around} around */
  openAround(around) {
    this.open({
      messages: around.messages,
      siblings: around.siblings,
      has_more: around.has_older,
      tip_message_id: around.messages.at(-1)?.id ?? null,
    });
    this.branch = around.is_on_active_path ? null : around.branch_tip_id;
    this.hasNewer = around.has_newer || this.branch !== null;
    this.isAtBranchEnd = this.branch !== null && !around.has_newer;
  }

  /** @param {MessagePage} page the messages before the oldest one loaded */
  addOlder(page) {
    this.#learn(page);
    this.hasOlder = page.has_more;
    this.#walk(this.#tip);
    const surplus = this.#path.length - MOST_ENTRIES;
    if (surplus > 0) {
      this.#forget(this.#path.splice(this.#path.length - surplus, surplus));
      this.#tip = this.#path.at(-1)?.id ?? null;
      this.hasNewer = true;
      this.isAtBranchEnd = false;
    }
  }

  /**
   * @param {MessagePage} page messages after one of those loaded
   * @returns {boolean} false when the page does not continue what is loaded: open it anew
   */
  addNewer(page) {
    const { oldest } = this;
    this.#proposing = null;
    this.#learn(page);
    const last = page.messages.at(-1);
    const tip = page.has_more && last ? last.id : page.tip_message_id;
    if (tip === null) return oldest === null;
    if (!this.#known.has(tip)) return false;
    this.#walk(tip);
    if (!page.has_more) this.#reachEnd();
    const whole = this.#path[0]?.parent_id === null;
    if (whole) this.hasOlder = false;
    const joined = whole || (oldest !== null && this.#path.includes(oldest));
    const surplus = this.#path.length - MOST_ENTRIES;
    if (joined && surplus > 0) {
      this.#forget(this.#path.splice(0, surplus));
      this.hasOlder = true;
    }
    return joined;
  }

  /**
   * What a turn was answered with, or a message that changed: put in place without asking again.
   * @param {...Message} messages
   * @returns {boolean} false when one does not continue what is loaded: catch up first
   */
  settle(...messages) {
    let joined = true;
    for (const message of messages) {
      const seen = this.#known.has(message.id);
      if (!seen && message.parent_id !== null && !this.#known.has(message.parent_id)) {
        joined = false;
        continue;
      }
      this.#keep(message);
      this.#pending = this.#pending.filter((entry) => entry.id !== message.id);
      if (seen || this.hasNewer) continue;
      const tipMessage = this.#tip === null ? null : this.#known.get(this.#tip);
      if (!tipMessage || message.seq > tipMessage.seq) this.#tip = message.id;
      this.#noteSibling(message);
    }
    this.#walk(this.#tip);
    return joined || this.hasNewer;
  }

  /** What waits on this device for this conversation, in order. @param {OutboxEntry[]} entries */
  setPending(entries) {
    const before = new Map(this.#pending.map((entry) => [entry.id, entry]));
    this.#pending = entries
      .filter((entry) => !this.#known.has(entry.id))
      .map((entry) => {
        // Read anew from the store each time: kept where nothing changed, so that it is not drawn anew.
        const old = before.get(entry.id);
        return old && alike(old, entry) ? old : entry;
      });
  }

  /** @param {string} id */
  find(id) {
    return this.#known.get(id) ?? null;
  }

  get tip() {
    return this.#tip;
  }

  /** The newest stored message that is shown. */
  get newest() {
    return this.#path.at(-1) ?? null;
  }

  get oldest() {
    return this.#path[0] ?? null;
  }

  /** The stored messages shown, oldest first. */
  get path() {
    return this.#path;
  }

  /** The first reply on the path that is still being written. */
  get running() {
    return this.#path.find((m) => m.role === "assistant" && m.status === "streaming") ?? null;
  }

  /** That reply, and those who are to speak after it to the same words: the last one first. */
  get runningRound() {
    const { running } = this;
    if (!running) return [];
    const from = this.#path.slice(this.#path.indexOf(running));
    const next = from.findIndex((m) => m.role === "user");
    return from
      .slice(0, next < 0 ? undefined : next)
      .filter((m) => m.status === "streaming")
      .reverse();
  }

  /** Ask for everything after this seq to hear of new messages and of ones that may have changed. */
  get catchUpFrom() {
    const unsettled = this.#path.find((m) => m.status === "streaming" || m === this.#proposing) ?? this.newest;
    return unsettled ? Math.max(0, unsettled.seq - 1) : 0;
  }

  /** One of the newest replies is said to propose something: asked for again with the next pull. */
  expectProposals() {
    const recent = this.#path.slice(-RECENT);
    const may = recent.find((m) => m.role === "assistant" && m.shown && !m.suggestions?.length);
    this.#proposing = may ?? null;
  }

  /** The lines to draw. An entry that has not changed is the same object as last time. */
  get entries() {
    /** @type {Map<string, Entry>} */
    const next = new Map();
    for (const message of this.#path) {
      next.set(message.id, this.#entry(message, null, signOf(message)));
    }
    const replaced = new Set(this.#pending.map((p) => p.replaces).filter(Boolean));
    if (replaced.size > 0) cutFrom(next, replaced);
    for (const pending of this.#pending) {
      next.set(pending.id, this.#entry(asMessage(pending), pending, signOfPending(pending)));
      const { answer } = pending;
      if (!answer) continue;
      const sign = answer.status === "streaming" ? "answering" : "on_device";
      const message = { ...asMessage(pending), ...answer, role: /** @type {const} */ ("assistant") };
      next.set(answer.id, this.#entry(message, pending, sign));
    }
    this.#entries = next;
    return [...next.values()];
  }

  /** @param {Message} message @param {OutboxEntry | null} pending @param {Sign} sign */
  #entry(message, pending, sign) {
    const siblings = this.#siblings.get(message.id) ?? [];
    const old = this.#entries.get(message.id);
    const same =
      old &&
      old.sign === sign &&
      old.pending === pending &&
      old.siblings.length === siblings.length &&
      (pending ? true : old.message === message);
    return same ? old : { id: message.id, message, sign, pending, siblings };
  }

  #reachEnd() {
    this.hasNewer = this.branch !== null;
    this.isAtBranchEnd = this.hasNewer;
  }

  /** @param {Message} message */
  #keep(message) {
    const seen = this.#known.get(message.id);
    if (!seen || !isUnfinishedAgain(message, seen)) this.#known.set(message.id, withPageFields(message, seen));
  }

  /** @param {MessagePage} page @param {Map<string, Message>} [before] what was known before starting over */
  #learn(page, before) {
    for (const message of page.messages) {
      const former = before?.get(message.id);
      const seen = former && isOlder(message, former) ? former : this.#known.get(message.id);
      if (seen && (equal(seen, message) || isOlder(message, seen))) this.#known.set(message.id, seen);
      else this.#known.set(message.id, message);
      if (this.#siblings.has(message.id) && !(message.id in page.siblings)) {
        this.#siblings.delete(message.id);
      }
    }
    for (const [id, ids] of Object.entries(page.siblings)) {
      for (const each of ids) this.#siblings.set(each, ids);
      this.#siblings.set(id, ids);
    }
    this.#pending = this.#pending.filter((entry) => !this.#known.has(entry.id));
  }

  /** A new message with the parent of one that is shown is its sibling. @param {Message} message */
  #noteSibling(message) {
    if (message.role === "system") return;
    const twin = this.#path.find(
      (m) => m.parent_id === message.parent_id && m.role === message.role && m.id !== message.id,
    );
    if (!twin) return;
    const ids = [...new Set([...(this.#siblings.get(twin.id) ?? [twin.id]), message.id])];
    for (const id of ids) this.#siblings.set(id, ids);
  }

  /** @param {string | null} tip */
  #walk(tip) {
    const path = [];
    const seen = new Set();
    let at = tip === null ? undefined : this.#known.get(tip);
    while (at && !seen.has(at.id)) {
      seen.add(at.id);
      path.push(at);
      at = at.parent_id === null ? undefined : this.#known.get(at.parent_id);
    }
    this.#path = path.reverse();
    this.#tip = tip;
  }

  /** @param {Message[]} messages */
  #forget(messages) {
    for (const message of messages) this.#known.delete(message.id);
  }
}

/** Hides the entries from a replaced one on, while its edit waits. @param {Map<string, Entry>} entries @param {Set<string | null>} from */
function cutFrom(entries, from) {
  let cut = false;
  for (const id of [...entries.keys()]) {
    cut = cut || from.has(id);
    if (cut) entries.delete(id);
  }
}

/** @param {Message} message @returns {Sign} */
function signOf(message) {
  if (message.role === "user") return "saved";
  if (message.status === "streaming") return "answering";
  if (message.status === "complete" && message.finish_reason === "length") return "cut";
  if (message.status === "complete" && message.finish_reason === "filtered") return "filtered";
  return message.status;
}

/** @param {OutboxEntry} entry @returns {Sign} */
function signOfPending(entry) {
  const state = entry.held ?? entry.state;
  if (state === "parked") return "refused";
  return state === "not_saved" ? "not_saved" : "on_device";
}

/** @param {OutboxEntry} entry @returns {Message} */
function asMessage(entry) {
  return {
    id: entry.id,
    conversation_id: entry.conversation_id,
    seq: Number.MAX_SAFE_INTEGER,
    parent_id: null,
    role: "user",
    content: entry.content,
    mode: entry.mode,
    audience_npc_id: entry.aside?.whisper_to ?? null,
    status: "complete",
    created_at: entry.created_at,
    updated_at: entry.created_at,
  };
}

/** What only a page says of a message stays when the message comes by itself. @param {Message} message @param {Message} [before] */
function withPageFields(message, before) {
  if (!before) return message;
  const reasoning = message.reasoning === undefined && before.reasoning ? { reasoning: before.reasoning } : null;
  if (!before.suggestions || message.suggestions) return reasoning ? { ...message, ...reasoning } : message;
  return {
    ...message,
    ...reasoning,
    suggestions: before.suggestions,
    citations: before.citations,
    notes: before.notes,
    notes_in_place: before.notes_in_place,
  };
}

/** @param {OutboxEntry} a @param {OutboxEntry} b */
function alike(a, b) {
  return (
    a.state === b.state &&
    a.attempts === b.attempts &&
    a.content === b.content &&
    a.fault?.detail === b.fault?.detail &&
    a.answer?.status === b.answer?.status &&
    a.answer?.content === b.answer?.content
  );
}

/**
 * A page asked for before a reply had ended, or went on, may arrive after that.
 * @param {Message} message @param {Message} seen
 */
function isOlder(message, seen) {
  if (isUnfinishedAgain(message, seen)) return true;
  return message.status !== "streaming" && seen.status === "streaming" && message.updated_at < seen.updated_at;
}

/**
 * The answer to a send may arrive after the reply it begins has ended. Only a reply that goes on
 * later is running again.
 * @param {Message} message @param {Message} seen
 */
function isUnfinishedAgain(message, seen) {
  return message.status === "streaming" && seen.status !== "streaming" && message.updated_at <= seen.updated_at;
}

/** @param {Message} a @param {Message} b */
function equal(a, b) {
  return (
    a.updated_at === b.updated_at &&
    a.status === b.status &&
    a.content === b.content &&
    a.tokens_out === b.tokens_out &&
    a.cost === b.cost &&
    a.finish_reason === b.finish_reason &&
    a.left_out === b.left_out &&
    a.reasoning === b.reasoning &&
    a.error?.detail === b.error?.detail &&
    a.suggestions?.length === b.suggestions?.length &&
    a.citations?.length === b.citations?.length &&
    a.notes?.length === b.notes?.length
  );
}
