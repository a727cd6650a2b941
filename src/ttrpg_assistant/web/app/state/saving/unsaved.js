import { signal } from "@preact/signals";
import { ApiFault } from "../../faults.js";
import { newId } from "../../identity.js";
import { isHeld, withLock } from "../../locks.js";
import { cutOff } from "../../models/outbox_rules.js";
import { ReplyProgress } from "../../models/reply_progress.js";
import { ReplyText } from "../../models/reply_text.js";
import { SseParser } from "../../models/sse_parser.js";
import { monotonicNow } from "../../monotonic.js";
import { messagesPath } from "../conversations/conversation_openers.js";
import { toast } from "../notices.js";
import { messages as messagesWords } from "../../words/en/messages.js";

/**
 * Talk while the server can store nothing: the answer streams through it, and both sides are kept
 * on this device until they can be stored.
 *
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../../types.js").UnsavedAnswer} UnsavedAnswer
 * @typedef {(answer: UnsavedAnswer | null) => Promise<void>} Keep
 */

/** How often an answer that is being written is kept on this device, in milliseconds. */
const KEEP_EVERY = 1000;

/** What was said before goes along: so many messages at most, and so many characters. */
const EARLIER = { messages: 60, characters: 200_000 };

export class UnsavedTalk {
  #api;
  #stop = new AbortController();
  /** Messages that got no answer either: they wait for the ordinary way. */
  #unanswered = /** @type {Set<string>} */ (new Set());

  /** The answer being written by this tab, and what goes on beside its text. */
  writing = signal(/** @type {{ messageId: string, reply: ReplyText, progress: ReplyProgress } | null} */ (null));

  /** @param {import("../../api.js").Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** Only the chat: threads and NPCs speak from a campaign that has to be read. @param {OutboxEntry} entry */
  canAnswer(entry) {
    return entry.kind === "chat" && !this.#unanswered.has(entry.id);
  }

  /** Whether any tab is writing this entry's answer. @param {OutboxEntry} entry */
  isWriting(entry) {
    return isHeld(lockOf(entry));
  }

  /** Ends the answer that is being written; what has been said stays. */
  stop() {
    this.#stop.abort();
  }

  /**
   * @param {OutboxEntry} entry
   * @param {OutboxEntry[]} lane what else of the conversation waits
   * @param {Keep} keep null when there is no answer
   */
  answer(entry, lane, keep) {
    return withLock(lockOf(entry), async () => {
      const answer = { id: newId(), content: "", status: /** @type {const} */ ("streaming") };
      await keep(answer);
      this.#stop = new AbortController();
      try {
        const earlier = await this.#earlier(entry, lane);
        await keep(await this.#ask({ content: entry.content, earlier }, answer, keep));
      } catch (error) {
        await keep(null);
        this.#unanswered.add(entry.id);
        if (!(error instanceof ApiFault)) throw error;
        toast([error.detail, error.cure].filter(Boolean).join(" "));
      } finally {
        this.writing.value = null;
      }
    });
  }

  /**
   * @param {{ content: string, earlier: { role: string, content: string }[] }} body
   * @param {UnsavedAnswer} answer
   * @param {Keep} keep
   * @returns {Promise<UnsavedAnswer>} rejects when there is no answer at all
   */
  async #ask(body, answer, keep) {
    const { signal: stopped } = this.#stop;
    const onFrame = (/** @type {() => void} */ run) => void requestAnimationFrame(run);
    const reply = new ReplyText(answer.id, onFrame);
    const progress = new ReplyProgress(onFrame);
    this.writing.value = { messageId: answer.id, reply, progress };
    let kept = monotonicNow();
    try {
      const response = await this.#api.stream("/api/unsaved-turns", { signal: stopped, body });
      for await (const { event, data } of eventsOf(response)) {
        const said = JSON.parse(data);
        if (event === "done") return ended(answer, said);
        if (event === "phase") progress.say(said);
        if (event === "thinking") progress.think(said.text, said.seconds);
        if (event === "snapshot") {
          reply.restart(said.content, said.shown, said.status);
          progress.restart(said.reasoning ?? "", said.phase ?? null);
        }
        if (event !== "text") continue;
        progress.write();
        reply.add(said.text, said.shown);
        if (monotonicNow() - kept < KEEP_EVERY) continue;
        kept = monotonicNow();
        await keep({ ...answer, content: reply.text, shown: reply.ended });
      }
    } catch (error) {
      if (stopped.aborted) return { ...answer, content: reply.text, shown: reply.ended, status: "stopped" };
      if (error instanceof ApiFault) throw error;
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
    return ended(answer, cutOff(reply.text, reply.ended));
  }

  /** What was said before, as far as it can still be read. @param {OutboxEntry} entry @param {OutboxEntry[]} lane */
  async #earlier(entry, lane) {
    const said = await this.#stored(entry);
    for (const { id, content, answer } of lane) {
      if (id === entry.id) break;
      said.push({ role: "user", content });
      if (answer?.content) said.push({ role: "assistant", content: answer.content });
    }
    let room = EARLIER.characters;
    const fitting = said.reverse().filter(({ content }) => (room -= content.length) >= 0);
    return fitting.slice(0, EARLIER.messages).reverse();
  }

  /** @param {OutboxEntry} entry @returns {Promise<{ role: string, content: string }[]>} */
  async #stored(entry) {
    const id = entry.conversation_id;
    const kind = /** @type {import("../../types.js").Kind} */ (entry.kind);
    try {
      const page = await this.#api.get(`${messagesPath(kind, id)}?limit=${EARLIER.messages}`);
      const messages = /** @type {import("../../types.js").Message[]} */ (page.messages);
      const whole = messages.filter(({ role, content }) => role !== "system" && content !== "");
      return whole.map(({ role, content }) => ({ role, content }));
    } catch (error) {
      // A database that cannot be read either: the answer knows only what waits here.
      if (error instanceof ApiFault) return [];
      throw error;
    }
  }
}

/** @param {OutboxEntry} entry */
function lockOf(entry) {
  return `ttrpg-unsaved-${entry.id}`;
}

/**
 * @param {UnsavedAnswer} answer
 * @param {{ content: string, shown?: UnsavedAnswer["shown"], status: UnsavedAnswer["status"], fault?: any }} said
 * @returns {UnsavedAnswer} an empty one is none
 */
function ended(answer, { content, shown, status, fault }) {
  if (content === "") {
    throw new ApiFault(fault ?? { code: "no_answer", detail: messagesWords.noAnswer });
  }
  return { ...answer, content, shown, status };
}

/** @param {Response} response */
async function* eventsOf(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield* parser.push(decoder.decode(value, { stream: true }));
  }
}
