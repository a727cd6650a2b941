import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { isFree, registerKeys } from "../../keys.js";
import { isOpen, isTakable, nameIn } from "../../models/proposals.js";
import { groupWords, groupsOf, neighbourOf } from "../../models/reviews.js";
import { useApp } from "../../state/app.js";
import { useFetched } from "../../state/fetched.js";
import { toast } from "../../state/notices.js";
import { proposals as said } from "../../words/en/proposals.js";
import { reviews as t } from "../../words/en/reviews.js";
import { BroughtByAccepted } from "../campaign/brought.js";
import { Icon } from "../icon.js";
import { SuggestionCard } from "../suggestions/suggestion_card.js";
import { QueuedLines } from "./queued_lines.js";

/**
 * What the text proposes, by kind and in the order of its lines, to be decided one by one or
 * a kind at a time; by keys as well.
 *
 * @typedef {import("../../models/reviews.js").Queued} Queued
 *
 * @param {{ review: import("../../models/reviews.js").Review }} props
 */
export function Queue({ review }) {
  const { api, proposals } = useApp();
  const [open, setOpen] = useState(true);
  const last = useRef(/** @type {Queued | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { value } = useFetched(
    (signal) => listQueue(api, review.id, signal),
    [review.id],
    (hint) => hint.event === "review" && hint.id === review.id,
  );
  const queue = /** @type {Queued[]} */ (
    (value ?? []).map((one) => ({ ...one, ...proposals.now(one), lines: one.lines }))
  );
  const groups = groupsOf(queue, open);
  const shown = groups.flatMap(([, ones]) => ones);
  const left = queue.filter(isOpen).length;

  const cardOf = (/** @type {string} */ id) =>
    /** @type {HTMLElement | null} */ (box.current?.querySelector(`[data-suggestion-id="${id}"]`));
  const here = () => {
    const card = document.activeElement?.closest("[data-suggestion-id]");
    return shown.find(({ id }) => id === card?.getAttribute("data-suggestion-id")) ?? null;
  };
  const go = (/** @type {Queued | null | undefined} */ one) => {
    const card = one && cardOf(one.id);
    if (!card) return;
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  };
  const step = (/** @type {number} */ by) => {
    const one = here();
    go(one ? (shown[shown.indexOf(one) + by] ?? one) : shown[0]);
  };
  const decide = async (/** @type {Queued} */ one, /** @type {"accept" | "dismiss"} */ what) => {
    const next = neighbourOf(shown, one.id);
    const seen = one.target_revision ? { seen_revision: one.target_revision } : {};
    const done = what === "accept" ? await proposals.accept(one, seen) : await proposals.reject(one, "");
    if (!done) return;
    last.current = one;
    go(next);
    toast((what === "accept" ? t.accepted : t.dismissed)(nameIn(one.title)), { label: said.undo, run: undo });
  };
  const undo = async () => {
    const one = last.current;
    last.current = null;
    if (one) await proposals.undo(one);
  };
  const press = (/** @type {string} */ words) => {
    const card = here() && cardOf(/** @type {Queued} */ (here()).id);
    const button = [...(card?.querySelectorAll("button") ?? [])].find((each) => each.textContent?.trim() === words);
    button?.click();
  };
  const keys = useRef({ step, decide, undo, press, here });
  keys.current = { step, decide, undo, press, here };
  useLayoutEffect(() => registerKeys(...keysOf(keys)), []);

  return html`<section class="review__queue" aria-labelledby="review-queue" ref=${box}>
    <header class="section__title"><h2 id="review-queue">${t.queue}</h2>
      <div class="review__shown" role="group" aria-label=${t.show}>
        <button type="button" class="button button--small" aria-pressed=${open ? "true" : "false"} onClick=${() => setOpen(true)}>${t.toDecide(left)}</button>
        <button type="button" class="button button--small" aria-pressed=${open ? "false" : "true"} onClick=${() => setOpen(false)}>${t.decided(queue.length - left)}</button>
      </div></header>
    ${shown.length > 0 && open && html`<p class="quiet review__keys"><${Icon} name="keyboard" /> ${t.keys}</p>`}
    ${value && shown.length === 0 && html`<p class="quiet" role="status">${emptyWords(open, queue.length, review.status)}</p>`}
    ${open && html`<${BroughtByAccepted} suggestions=${queue.filter((one) => !shown.includes(one))} />`}
    ${groups.map(([kind, ones]) => html`<${Group} key=${kind} kind=${kind} ones=${ones} isOpen=${open} text=${review.text} />`)}
  </section>`;
}

/** @param {{ kind: string, ones: Queued[], isOpen: boolean, text: "transcript" | "notes" }} props */
function Group({ kind, ones, isOpen: open, text }) {
  const { proposals } = useApp();
  const [busy, setBusy] = useState(false);
  const takable = open ? ones.filter(isTakable) : [];
  const acceptAll = async () => {
    setBusy(true);
    for (let at = 0; at < takable.length; at += 50) await proposals.acceptAll(takable.slice(at, at + 50));
    setBusy(false);
  };
  return html`<section class="review__group" aria-label=${groupWords(kind)}>
    <header class="proposals__head"><h3 class="review__kind">${groupWords(kind)} <span class="parts__count">${ones.length}</span></h3>
      ${takable.length > 0 && html`<button type="button" class="button button--small" disabled=${busy} onClick=${acceptAll}><${Icon} name="check" /> ${t.acceptGroup(takable.length)}</button>`}
    </header>
    ${ones.map((one) => html`<${SuggestionCard} key=${one.id} suggestion=${one}><${QueuedLines} lines=${one.lines} text=${text} /></${SuggestionCard}>`)}
  </section>`;
}

/** @param {boolean} open @param {number} count @param {string} status */
function emptyWords(open, count, status) {
  if (!open) return t.nothingDecided;
  return count > 0 && status === "done" ? t.nothingLeft : t.nothingYet;
}

/**
 * @param {{ current: { step: (by: number) => void, decide: (one: Queued, what: "accept" | "dismiss") => unknown,
 *   undo: () => unknown, press: (words: string) => void, here: () => Queued | null } }} keys
 * @returns {import("../../keys.js").Key[]}
 */
function keysOf(keys) {
  const on = (/** @type {string} */ key, /** @type {string} */ what, /** @type {() => void} */ run) => ({
    keys: key.toUpperCase(),
    what,
    when: (/** @type {KeyboardEvent} */ event) => isFree(event, key),
    run,
  });
  const decide = (/** @type {"accept" | "dismiss"} */ what) => () => {
    const one = keys.current.here();
    if (one && isOpen(one)) keys.current.decide(one, what);
  };
  return [
    on("j", t.keyNext, () => keys.current.step(1)),
    on("k", t.keyBefore, () => keys.current.step(-1)),
    on("a", t.keyAccept, decide("accept")),
    on("x", t.keyDismiss, decide("dismiss")),
    on("e", t.keyEdit, () => keys.current.press(said.editFirst)),
    on("l", t.keyLines, () => document.activeElement?.closest("article")?.querySelector("summary")?.click()),
    on("u", t.keyUndo, () => keys.current.undo()),
  ];
}

/** @param {import("../../api.js").Api} api @param {string} id @param {AbortSignal} signal @returns {Promise<Queued[]>} */
async function listQueue(api, id, signal) {
  const all = [];
  for (let after = ""; ; ) {
    const page = await api.get(`/api/transcript-reviews/${id}/suggestions?limit=200${after}`, { signal });
    all.push(...page.suggestions);
    if (!page.has_more) return all;
    after = `&after=${encodeURIComponent(page.next_cursor)}`;
  }
}
