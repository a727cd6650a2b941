import { computed, signal } from "@preact/signals";
import { isPending } from "../../models/proposals.js";
import { forgetWritten, noteWritten } from "../campaign/just_written.js";
import { attempt, toast } from "../notices.js";
import { proposals } from "../../words/en/proposals.js";

/**
 * The proposals on this page as they stand: pulled with the difference each would make now, and
 * again when something they speak of has changed.
 *
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 * @typedef {import("../app.js").App} App
 */

const PAGE = 200;

/** Hints come in flocks: one pull for all, after this many milliseconds. */
const SOON = 80;

export class Proposals {
  #app;
  #known = signal(/** @type {ReadonlyMap<string, Suggestion>} */ (new Map()));
  #watched = /** @type {Map<string, number>} */ (new Map());
  #due = /** @type {Set<string>} */ (new Set());
  #timer = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);

  /** How many wait for a decision, by conversation. */
  pending = computed(() => {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const one of this.#known.value.values()) {
      if (isPending(one)) counts.set(one.conversation_id, (counts.get(one.conversation_id) ?? 0) + 1);
    }
    return counts;
  });

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    app.attend({
      onHint: (hint) => {
        if (hint.event === "suggestions" && hint.id && this.#watched.has(hint.id)) this.#pullSoon(hint.id);
        if (hint.event === "campaign" || hint.event === "removal") this.#pullSoon(...this.#watched.keys());
      },
      onCatchUp: () => this.#pullSoon(...this.#watched.keys()),
    });
  }

  /** A proposal as it stands now; before it was pulled, as its message told it. @param {Suggestion} told */
  now(told) {
    return this.#known.value.get(told.id) ?? told;
  }

  /** Keeps the proposals of a conversation up to date. @param {string} conversationId @returns {() => void} */
  watch(conversationId) {
    const watching = this.#watched.get(conversationId) ?? 0;
    this.#watched.set(conversationId, watching + 1);
    if (watching === 0) this.#pullSoon(conversationId);
    return () => {
      const left = (this.#watched.get(conversationId) ?? 1) - 1;
      if (left > 0) this.#watched.set(conversationId, left);
      else this.#watched.delete(conversationId);
    };
  }

  /**
   * Takes a proposal. A conflict is no failure: it is shown on the card.
   * @param {Suggestion} suggestion @param {Record<string, unknown>} [how]
   * @returns {Promise<boolean>} whether it was done
   */
  async accept(suggestion, how = {}) {
    return this.#decide(suggestion, "accept", { message_id: suggestion.message_id, ...how });
  }

  /** @param {Suggestion} suggestion @param {string} reason */
  async reject(suggestion, reason) {
    return this.#decide(suggestion, "reject", {
      message_id: suggestion.message_id,
      ...(reason.trim() && { reason: reason.trim() }),
    });
  }

  /** Takes a decision back. @param {Suggestion} suggestion */
  async undo(suggestion) {
    return this.#decide(suggestion, "undo", {});
  }

  /** Accepts several as they are. @param {Suggestion[]} suggestions */
  async acceptAll(suggestions) {
    const answer = await attempt(() =>
      this.#app.api.post("/api/suggestions/accept", { suggestion_ids: suggestions.map(({ id }) => id) }),
    );
    const accepted = (answer?.outcomes ?? []).filter((/** @type {any} */ one) => !one.fault);
    noteWritten(...accepted.map((/** @type {any} */ one) => /** @type {const} */ (`suggestion:${one.suggestion_id}`)));
    await this.#pull(...new Set(suggestions.map((one) => one.conversation_id)));
    if (!answer) return;
    const left = answer.outcomes.filter((/** @type {any} */ one) => one.fault);
    const done = answer.outcomes.length - left.length;
    toast(
      left.length === 0 ? proposals.accepted(done) : proposals.acceptedSome(done, left.length, left[0].fault.detail),
    );
  }

  /** @param {Suggestion} suggestion @param {"accept" | "reject" | "undo"} what @param {Record<string, unknown>} body */
  async #decide(suggestion, what, body) {
    let done = true;
    try {
      const decision = await this.#app.api.post(`/api/suggestions/${suggestion.id}/${what}`, body);
      if (what === "undo" && decision.kept?.length) toast(proposals.undonePartly);
      if (what === "accept") noteWritten(`suggestion:${suggestion.id}`);
      else forgetWritten(`suggestion:${suggestion.id}`);
    } catch (error) {
      const { detail, cure, code } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      done = false;
      if (code !== "suggestion_conflict") toast([detail, cure].filter(Boolean).join(" "));
    }
    await attempt(() => this.#pull(suggestion.conversation_id));
    return done;
  }

  /** @param {...string} conversationIds */
  #pullSoon(...conversationIds) {
    for (const id of conversationIds) this.#due.add(id);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const due = [...this.#due];
      this.#due.clear();
      // Not a word is lost by a pull that fails: the next hint pulls once more.
      this.#pull(...due).catch((error) => {
        if (!error.detail) throw error;
      });
    }, SOON);
  }

  /** @param {...string} conversationIds */
  async #pull(...conversationIds) {
    const found = (await Promise.all(conversationIds.map((id) => this.#list(id)))).flat();
    const known = new Map(this.#known.value);
    for (const one of found) known.set(one.id, one);
    this.#known.value = known;
  }

  /** @param {string} conversationId @returns {Promise<Suggestion[]>} */
  async #list(conversationId) {
    const all = [];
    for (let after = ""; ; ) {
      const page = await this.#app.api.get(`/api/suggestions?conversation_id=${conversationId}&limit=${PAGE}${after}`);
      all.push(...page.suggestions);
      if (!page.has_more) return all;
      after = `&after=${encodeURIComponent(page.next_cursor)}`;
    }
  }
}
