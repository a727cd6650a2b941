import { signal } from "@preact/signals";
import { monotonicNow } from "../monotonic.js";

/**
 * What happens before and beside the text of one running reply: whether the model reads, thinks,
 * writes or waits for another attempt, since when, and what it thinks.
 *
 * Times are moments of this page's own steady clock in milliseconds: the server says how many seconds have
 * passed or are left, so a page that was opened in mid-wait counts from where the wait is.
 *
 * @typedef {"waiting" | "reading" | "thinking" | "writing"} PhaseName
 *
 * @typedef {object} PhaseWords what the server says of a phase
 * @property {PhaseName} phase
 * @property {number} [seconds] in this phase so far
 * @property {number} [until_seconds] `waiting`: until the next attempt
 * @property {string | null} [code]
 * @property {string | null} [detail] `waiting`: why
 *
 * @typedef {object} Phase
 * @property {PhaseName} name
 * @property {number} since
 * @property {number | null} until `waiting`: when the next attempt is made
 * @property {string} detail
 */
export class ReplyProgress {
  #now;
  #onFrame;
  #pieces = /** @type {string[]} */ ([]);
  #frameAsked = false;

  phase = signal(/** @type {Phase | null} */ (null));
  /** What the model has thought so far, never a part of its answer. */
  thinking = signal("");
  /** How long it thought, in seconds, once it has stopped thinking. */
  thoughtSeconds = signal(/** @type {number | null} */ (null));

  /**
   * @param {(run: () => void) => void} onFrame asks for a call before the next frame
   * @param {() => number} [now] milliseconds
   */
  constructor(onFrame, now = monotonicNow) {
    this.#onFrame = onFrame;
    this.#now = now;
  }

  /** What the server says of the phase. @param {PhaseWords} words */
  say({ phase: name, seconds = 0, until_seconds: left, detail }) {
    const now = this.#now();
    this.#leaveThinking(name, now);
    this.phase.value = {
      name,
      since: now - seconds * 1000,
      until: name === "waiting" && left !== undefined ? now + left * 1000 : null,
      detail: detail ?? "",
    };
  }

  /** The next piece of what is thought. @param {string} text @param {number} [seconds] thought so far */
  think(text, seconds = 0) {
    const at = this.phase.value;
    const since = this.#now() - seconds * 1000;
    if (at?.name !== "thinking") this.say({ phase: "thinking", seconds });
    // Thinking that goes on after some words counts from its first beginning.
    else if (at.since - since > 1000) this.phase.value = { ...at, since };
    this.#pieces.push(text);
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#onFrame(() => {
      this.#frameAsked = false;
      this.#join();
    });
  }

  /** Text of the answer has come. */
  write() {
    if (this.phase.value?.name !== "writing") this.say({ phase: "writing" });
  }

  /** Starts over from what is stored. @param {string} reasoning @param {PhaseWords | null} [phase] */
  restart(reasoning, phase) {
    this.#pieces = [];
    this.thinking.value = reasoning;
    if (phase) this.say(phase);
  }

  /** All of it, for another tab that joins now. @returns {{ reasoning: string, phase: PhaseWords | null }} */
  get told() {
    this.#join();
    const now = this.#now();
    const at = this.phase.value;
    const phase = at && {
      phase: at.name,
      seconds: (now - at.since) / 1000,
      ...(at.until !== null && { until_seconds: Math.max(0, at.until - now) / 1000 }),
      detail: at.detail,
    };
    return { reasoning: this.thinking.value, phase };
  }

  #join() {
    if (this.#pieces.length === 0) return;
    this.thinking.value += this.#pieces.join("");
    this.#pieces = [];
  }

  /** @param {PhaseName} next @param {number} now */
  #leaveThinking(next, now) {
    const at = this.phase.value;
    if (at?.name === "thinking" && next !== "thinking") this.thoughtSeconds.value = (now - at.since) / 1000;
  }
}
