import { batch, computed, signal } from "@preact/signals";
import { asFault } from "../../faults.js";
import { ScrollKeeper } from "../../models/scroll_keeper.js";
import { Timeline } from "../../models/timeline.js";
import { AnswerRequests } from "./answer_requests.js";
import { messagesPath } from "../conversations/conversation_openers.js";
import { Following } from "./following.js";
import { SingleFlight } from "./single_flight.js";
import { MessageJump } from "./message_jump.js";
import { refreshConversation } from "./refresh_conversation.js";
import { forgetArrived, send } from "./sending.js";
import { isAtTable } from "../table/table_delivery.js";
import { messages } from "../../words/en/messages.js";

/**
 * One open conversation: loads it, keeps it up to date, sends, follows the running reply.
 * Unmounted → loading → ready (→ streaming → ready), or failed until it is tried again. Out of
 * sight it rests, and is there again at once, as it was left.
 *
 * @typedef {import("../../faults.js").ApiFault} ApiFault
 * @typedef {import("../../types.js").Message} Message
 * @typedef {import("../../types.js").Conversation} Conversation
 * @typedef {import("../../types.js").Entry} Entry
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../../live.js").Hint} Hint
 */

/** Messages a page: the newest, quick to draw; each older one; when catching up, to ask seldom. */
const FIRST_PAGE = 30;
const PAGE = 60;
const CATCH_UP_PAGE = 200;

export class Talk {
  #app;
  #opener;
  #following;
  #timeline = new Timeline();
  #leave = /** @type {(() => void)[]} */ ([]);
  #closed = false;
  #opened = false;
  #pulling = new SingleFlight();
  /** Counts the times the timeline was begun anew: a page asked for before belongs to it no more. */
  #openings = 0;
  #requests;
  /** Whether something may have come back above what is loaded. */
  #isOutdated = false;

  phase = signal(/** @type {"loading" | "failed" | "ready"} */ ("loading"));
  fault = signal(/** @type {ApiFault | null} */ (null));
  conversation = signal(/** @type {Conversation | null} */ (null));
  entries = signal(/** @type {Entry[]} */ ([]));
  hasOlder = signal(false);
  hasNewer = signal(false);
  loadingOlder = signal(false);
  /** An older page could not be fetched: shown in place, with Retry. */
  olderFault = signal(/** @type {ApiFault | null} */ (null));
  /** To which message the reader is led, and what is known of it. */
  jump = new MessageJump();
  /** The end of the branch that is shown, when it is not the active one. */
  branch = signal(/** @type {string | null} */ (null));
  /** The words to be found in it are being asked for. */
  finding = signal(false);
  /** Counts sends: the timeline goes to the newest with each. */
  sends = signal(0);
  /** What is being edited, if anything. */
  editing = signal(/** @type {import("../../types.js").Editing | null} */ (null));
  /** How many parts of the page show it. */
  viewers = 0;
  /** Where its reader is: kept while it is out of sight. */
  keeper = new ScrollKeeper();
  streaming = computed(() => this.entries.value.some((entry) => entry.sign === "answering"));

  /** @param {import("../app.js").App} app @param {import("../conversations/conversation_openers.js").ConversationOpener} opener */
  constructor(app, opener) {
    this.#app = app;
    this.#opener = opener;
    this.kind = opener.kind;
    this.#following = new Following(app.api, {
      onDone: (message) => this.#settle(message),
      onGone: () => this.catchUp(),
    });
    this.#requests = new AnswerRequests(app.api, (answer) =>
      this.#settle(answer.user_message, answer.assistant_message),
    );
    /** What follows the running reply, if there is one. */
    this.follower = this.#following.follower;
  }

  get readOnly() {
    const thread = this.kind === "thread" ? this.conversation.value : null;
    return this.#opener.readOnly === true || thread?.archived_at != null || thread?.purpose === "notes";
  }

  get id() {
    return this.conversation.value?.id ?? null;
  }

  /** Mounts: attends to news and loads. */
  open() {
    const seen = () => this.#followRunning();
    document.addEventListener("visibilitychange", seen);
    this.#leave = [
      this.#app.attend({
        onHint: (hint) => this.#hint(hint),
        onCatchUp: () => this.#seeAgain(),
        onDelivered: (entry, answer, isOurs) => this.#delivered(entry, answer, isOurs),
      }),
      this.#app.waiting.subscribe(() => this.#draw()),
      () => document.removeEventListener("visibilitychange", seen),
    ];
    return this.load();
  }

  /** Comes into sight. @returns {() => void} takes it out of sight again */
  attend() {
    this.viewers += 1;
    if (!this.#opened) {
      this.#opened = true;
      this.open();
    } else if (this.viewers === 1) {
      this.#followRunning();
      this.#seeAgain();
    }
    return () => {
      this.viewers -= 1;
      if (this.#isResting) this.#rest();
    };
  }

  close() {
    this.#closed = true;
    for (const leave of this.#leave) leave();
    this.#following.follow(null);
  }

  async load() {
    this.phase.value = "loading";
    this.fault.value = null;
    try {
      const conversation = await this.#opener.open(this.#app.api);
      if (this.#closed) return;
      const [around] = await Promise.all([this.jump.find(this.#app.api, conversation.id), this.#app.outboxOpen]);
      const page = around ?? (await this.#page(`limit=${FIRST_PAGE}`, conversation.id));
      if (this.#closed) return;
      batch(() => {
        this.conversation.value = conversation;
        this.#show(page);
        forgetArrived(this.#app, conversation.id, (id) => this.#timeline.find(id) !== null);
        this.phase.value = "ready";
        this.#draw();
        if (!around) return;
        this.keeper.stay();
        this.jump.arrive();
      });
      this.#followRunning();
    } catch (error) {
      if (this.#closed) return;
      this.fault.value = asFault(error);
      this.phase.value = "failed";
    }
  }

  /**
   * Sends a text. Resolves when it is safe: committed on this device, or, where this browser can
   * keep nothing, acknowledged by the server.
   * @param {string} content
   * @param {{ mode?: import("../../types.js").Mode, edits?: import("../../types.js").Edit | null, aside?: import("../../types.js").Aside | null, untilHeard?: boolean }} [options] `untilHeard`
   *   waits a moment for the server's word, so that a refused text never leaves its author
   * @returns {Promise<import("../../types.js").FaultWords | null>} why it was not accepted, or null
   */
  async send(content, options = {}) {
    const { id } = this;
    if (id === null || this.phase.value !== "ready") {
      return { code: "not_ready", detail: messages.stillLoading };
    }
    if (this.hasNewer.value) await this.showNewest();
    this.sends.value += 1;
    const campaignId = this.conversation.value?.campaign_id ?? null;
    return send(this.#app, { conversationId: id, campaignId, kind: this.#opener.kind, content, ...options });
  }

  /** Ends the running reply where it is; in a scene nobody else speaks to these words either. */
  async stop() {
    const round = this.#timeline.runningRound;
    if (round.length === 0) return this.#app.unsaved.stop();
    for (const { id } of round) {
      const message = await this.#app.api.post(`/api/replies/${id}/stop`);
      if (message?.id) this.#settle(message);
    }
  }

  /** Asks for another answer; this one stays reachable. @param {string} messageId */
  async regenerate(messageId) {
    if (await this.#requests.regenerate(messageId)) this.sends.value += 1;
  }

  /** Lets an answer that was cut off go on, in the same message. @param {string} messageId */
  async continueReply(messageId) {
    await this.#requests.continueReply(messageId);
  }

  /** Shows another of several answers. @param {string} messageId */
  async select(messageId) {
    this.conversation.value = await this.#app.api.post(`/api/messages/${messageId}/select`);
    await this.showNewest();
  }

  /**
   * Leads the reader to a message, in its own branch; nothing else changes by it.
   * @param {string} messageId
   * @param {{ focus?: boolean, anew?: boolean }} [options] `anew` though it is loaded already
   */
  async jumpTo(messageId, { focus = true, anew = false } = {}) {
    const { jump } = this;
    jump.begin(messageId, focus);
    if (this.phase.value !== "ready" || this.id === null) return; // loading will lead there
    const isHere = !anew && this.#timeline.path.some(({ id }) => id === messageId);
    const around = isHere ? null : await jump.find(this.#app.api, this.id);
    if (this.#closed || !jump.isWanted(messageId) || (!isHere && !around)) return;
    batch(() => {
      if (around) this.#show(around);
      this.keeper.stay();
      this.#draw();
      jump.arrive();
    });
    this.#followRunning();
  }

  /** Makes the branch that is shown the active one, and stays where the reader is. */
  async adoptBranch() {
    const { branch } = this.#timeline;
    const at = this.jump.target.value?.id ?? branch;
    if (branch === null || at === null) return;
    this.conversation.value = await this.#app.api.post(`/api/messages/${branch}/select`);
    await this.jumpTo(at, { anew: true });
  }

  async loadOlder() {
    const { oldest } = this.#timeline;
    if (!oldest || !this.hasOlder.value || this.loadingOlder.value) return;
    this.loadingOlder.value = true;
    this.olderFault.value = null;
    try {
      const page = await this.#page(`limit=${PAGE}&before=${oldest.seq}`);
      if (this.#timeline.oldest?.id !== oldest.id) return;
      this.#timeline.addOlder(page);
      this.#draw();
    } catch (error) {
      this.olderFault.value = asFault(error);
    } finally {
      this.loadingOlder.value = false;
    }
  }

  /** Brings back newer messages that were let go while reading far up. */
  async loadNewer() {
    if (this.hasNewer.value && !this.#timeline.isAtBranchEnd && !this.#pulling.isRunning)
      await this.#pulling.run(() => this.#pull(false));
  }

  async showNewest() {
    const page = await this.#page(`limit=${FIRST_PAGE}`);
    this.#isOutdated = false;
    this.jump.leave();
    this.#show(page);
    this.#draw();
    this.#followRunning();
  }

  /** @param {import("../../types.js").MessagePage | import("../../types.js").Around} page */
  #show(page) {
    this.#openings += 1;
    if ("is_on_active_path" in page) this.#timeline.openAround(page);
    else this.#timeline.open(page);
  }

  /** Pulls until nothing is missing. Calls made meanwhile lead to one more pull. */
  async catchUp() {
    if (this.#isResting) return;
    if (this.phase.value === "failed") return this.load();
    if (this.phase.value === "ready") return this.#pulling.run(() => this.#pull(true));
  }

  /** After a time in which hints may have been missed. */
  #seeAgain() {
    this.#refreshConversation();
    return this.catchUp();
  }

  /** It may be closed, named or given a voice in another window, or named by what is said. */
  async #refreshConversation() {
    if (this.phase.value === "ready" && !this.#isResting && !this.#closed)
      await refreshConversation(this.#app.api, this);
  }

  /** @param {boolean} all to the very newest, or one page */
  async #pull(all) {
    try {
      if (this.#closed || (all && this.#timeline.hasNewer)) return; // read far up: the newest come when asked for
      if (all && this.#isOutdated) return void (await this.showNewest());
      const opening = this.#openings;
      let more = true;
      let after = all ? this.#timeline.catchUpFrom : (this.#timeline.newest?.seq ?? 0);
      while (more && !this.#closed) {
        const page = await this.#page(`limit=${all ? CATCH_UP_PAGE : PAGE}&after=${after}`);
        if (opening !== this.#openings) return;
        if (!this.#timeline.addNewer(page)) return void (await this.showNewest());
        after = page.messages.at(-1)?.seq ?? after;
        more = all && page.has_more;
      }
      this.#draw();
      this.#followRunning();
    } catch (error) {
      // Not a word is lost by this: the next hint, or being seen again, pulls once more.
      asFault(error);
    }
  }

  /** @param {string} query @param {string} [id] @returns {Promise<import("../../types.js").MessagePage>} */
  #page(query, id) {
    const { branch } = this.#timeline;
    const isPart = branch !== null && /(before|after)=/.test(query);
    const path = isPart
      ? `/api/messages/${branch}/branch`
      : messagesPath(this.#opener.kind, id ?? /** @type {string} */ (this.id));
    return this.#app.api.get(`${path}?${query}`);
  }

  #draw() {
    const { id } = this;
    if (id === null || this.#closed) return;
    const waiting = this.#app.waiting.value.filter((entry) => entry.conversation_id === id);
    this.#timeline.setPending(waiting);
    batch(() => {
      this.entries.value = this.#timeline.entries;
      this.hasOlder.value = this.#timeline.hasOlder;
      this.hasNewer.value = this.#timeline.hasNewer;
      this.branch.value = this.#timeline.branch;
    });
  }

  /** @param {...Message} messages */
  #settle(...messages) {
    const joined = this.#timeline.settle(...messages);
    this.#draw();
    this.#followRunning();
    if (!joined) this.catchUp();
  }

  /** @param {OutboxEntry} entry @param {import("../../types.js").TurnAnswer} answer @param {boolean} isOurs */
  #delivered(entry, answer, isOurs) {
    // A message that waited since before an update may have been put where it was asked.
    if (isAtTable(entry)) return;
    const home = answer.user_message.conversation_id;
    if (home !== this.id || entry.conversation_id !== home) return;
    if (!this.conversation.value?.title) this.#refreshConversation();
    const answers = answer.assistant_messages ?? [answer.assistant_message];
    if (isOurs) this.#following.begun(answers);
    this.#settle(answer.user_message, ...answers);
  }

  /** @param {Hint} hint */
  #hint(hint) {
    if (hint.event === "suggestions" && hint.id === this.id) this.#timeline.expectProposals();
    if (hint.event === "removal" || (hint.event === "suggestions" && hint.id === this.id)) this.catchUp();
    if (hint.event !== "conversation" || hint.id !== this.id) return;
    // What is just being sent comes back by its own answer, and needs no page.
    const sent = this.#app.outbox?.whenSent(this.id);
    if (sent) sent.then(() => this.#heard(hint));
    else this.#heard(hint);
  }

  /** @param {Hint} hint of this conversation */
  #heard(hint) {
    if (hint.restored) this.#isOutdated = true;
    const { newest, tip, running } = this.#timeline;
    const followed = !running || this.follower.value?.messageId === running.id;
    const same = hint.tip_message_id === tip && (hint.seq ?? 0) <= (newest?.seq ?? 0);
    if (!(same && followed && running)) this.catchUp();
    // A hint of a message says how that stands; without one, it is the conversation that was changed.
    if (hint.status === undefined) this.#refreshConversation();
  }

  #followRunning() {
    this.#following.follow(this.#closed || this.#isResting ? null : this.#timeline.running);
  }

  get #isResting() {
    return this.#opened && this.viewers === 0;
  }

  /** Lets the stream go, so that what is in sight gets it, and keeps what it has brought. */
  #rest() {
    const { running } = this.#timeline;
    const reply = this.follower.value?.reply;
    this.#following.follow(null);
    if (running && reply?.messageId === running.id) this.#timeline.settle({ ...running, content: reply.text });
    this.#draw();
  }
}
