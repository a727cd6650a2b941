import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { html } from "../../html.js";
import { keyOf, registerKeys, withCommand } from "../../keys.js";
import { DrawnLines } from "../../models/drawn_lines.js";
import { playDayKey, playDayWords } from "../../models/play_days.js";
import { ScrollKeeper, START_REACH } from "../../models/scroll_keeper.js";
import { useOnScreen } from "../../state/saving/refused.js";
import { forgetLinkedMessage } from "../../state/talk/linked_message.js";
import { FindBar } from "./find_bar.js";
import { Icon } from "../icon.js";
import { LinkedMessageNotice } from "./linked_message_notice.js";
import { MessageRow } from "./message_row.js";
import { messages as messagesWords } from "../../words/en/messages.js";
import { controls } from "../../words/en/controls.js";

/**
 * The lines of a conversation, and what keeps them still while they are read.
 *
 * @typedef {import("../../types.js").Entry} Entry
 * @typedef {import("../../state/talk/talk.js").Talk} Talk
 * @typedef {import("./message.js").Voices} Voices
 *
 * @param {{ talk: Talk, voices?: Voices, onEdit?: (entry: Entry) => void, children?: any }} props
 *   `children` is shown while there is nothing to read
 */
export function TimelineView({ talk, voices = PLAIN, onEdit, children }) {
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const content = useRef(/** @type {HTMLElement | null} */ (null));
  const { keeper } = talk;
  const away = useMemo(() => signal(false), [talk]);
  const entries = talk.entries.value;
  const hasNewer = talk.hasNewer.value;
  const sends = talk.sends.value;
  useOnScreen(talk.id);
  const drawn = useMemo(() => new DrawnLines(), [talk]);
  const grown = useMemo(() => signal(0), [talk]);
  grown.value; // drawn anew with each step
  useLayoutEffect(
    () =>
      registerKeys({
        keys: "Ctrl F",
        what: messagesWords.findKey,
        whileTyping: true,
        // Asked for once more in its field, the browser's own search opens.
        when: (event) =>
          withCommand(event) &&
          !event.shiftKey &&
          keyOf(event).toLowerCase() === "f" &&
          !document.querySelector("dialog[open]") &&
          !document.activeElement?.closest(".find"),
        run: () => beginFinding(talk),
      }),
    [talk],
  );

  const target = talk.jump.target.value;
  const place = target?.id ?? (keeper.following ? null : keeper.place?.id);
  drawn.see(
    entries.map((entry) => entry.id),
    place,
  );
  const { hidden } = drawn;

  // Measured before this render changes the document, applied after it has.
  const anchor = keeper.following ? null : firstVisible(scroller.current);
  useLayoutEffect(() => {
    if (keeper.seenSends !== sends) keeper.follow();
    keeper.seenSends = sends;
  }, [talk, sends]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (hasNewer) keeper.stay();
    // What is shown while nothing has been said is read from its beginning.
    element.scrollTop = entries.length === 0 ? 0 : keeper.settle(measure(element), anchor && stillThere(anchor));
    away.value = !keeper.following;
    if (hidden > 0) {
      return afterPaint(() => {
        drawn.more();
        grown.value += 1;
      });
    }
    const short = element.scrollHeight <= element.clientHeight + START_REACH / 2;
    if (short || (!keeper.following && element.scrollTop < START_REACH)) talk.loadOlder();
  }, [entries, hasNewer, sends, hidden]);

  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (scroller.current);
    putBack(element, keeper);
    away.value = !keeper.following;
    return () => {
      const first = keeper.following ? null : firstVisible(element);
      const edge = element.getBoundingClientRect().top;
      keeper.place = first && { id: first.element.getAttribute("data-message-id") ?? "", top: first.top - edge };
    };
  }, [talk]);

  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (scroller.current);
    if (target && keeper.shownTarget !== target) lead(element, keeper, target);
    keeper.shownTarget = target;
  }, [talk, target]);

  useLayoutEffect(() => {
    // A reply that grows, a composer that grows, a window that shrinks: the end stays in sight.
    const element = /** @type {HTMLElement} */ (scroller.current);
    const stay = () => {
      if (keeper.following && talk.entries.peek().length > 0) element.scrollTop = keeper.settle(measure(element), null);
    };
    const watch = new ResizeObserver(stay);
    watch.observe(element);
    watch.observe(/** @type {HTMLElement} */ (content.current));
    return () => watch.disconnect();
  }, [keeper]);

  const scrolled = () => {
    const element = /** @type {HTMLElement} */ (scroller.current);
    const at = measure(element);
    keeper.scrolled(at);
    away.value = !keeper.following;
    if (at.top < START_REACH && drawn.hidden === 0) talk.loadOlder();
    const nearEnd = drawn.below === 0 && ScrollKeeper.distanceToEnd(at) < START_REACH;
    if (talk.hasNewer.value && nearEnd) talk.loadNewer();
  };

  const newest = () => toNewest(talk, keeper, scroller.current);
  return html`<${LinkedMessageNotice} talk=${talk} />
  ${talk.finding.value && html`<${FindBar} talk=${talk} />`}
  <div class="timeline">
    <div class="timeline__scroll" ref=${scroller} onScroll=${scrolled} tabindex="0" role="region"
      aria-label=${messagesWords.conversation}>
      <div class="timeline__content" ref=${content}>
        <${Start} talk=${talk} />
        ${entries.length === 0 ? children : lines(entries, drawn, talk, voices, onEdit)}
      </div>
    </div>
    <${ToNewest} talk=${talk} away=${away} onGo=${newest} />
  </div>`;
}

/** @param {Talk} talk */
function beginFinding(talk) {
  talk.finding.value = true;
  /** @type {HTMLInputElement | null} */ (document.querySelector(".find__words"))?.select();
}

/** @type {Voices} */
const PLAIN = { name: () => controls.assistant };

/** Shows the line again that was being read when this was last in sight. @param {HTMLElement} scroller @param {ScrollKeeper} keeper */
function putBack(scroller, keeper) {
  const { place } = keeper;
  const line = place && scroller.querySelector(`[data-message-id="${place.id}"]`);
  if (!line || keeper.following) return;
  const now = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop = keeper.settle(measure(scroller), { before: place.top, now });
}

/** Does something as soon as what was drawn is on the screen. @param {() => void} work @returns {() => void} calls it off */
function afterPaint(work) {
  let timer = 0;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** What stands above the oldest line loaded. @param {{ talk: Talk }} props */
function Start({ talk }) {
  const fault = talk.olderFault.value;
  if (fault) {
    return html`<p class="timeline__start">${messagesWords.earlierFailed} ${" "}
      <button type="button" class="link-button" onClick=${() => talk.loadOlder()}>${controls.retry}</button></p>`;
  }
  if (!talk.hasOlder.value) return null;
  return html`<p class="timeline__start" aria-live="polite">${talk.loadingOlder.value ? messagesWords.loadingEarlier : " "}</p>`;
}

/** @param {{ talk: Talk, away: import("@preact/signals").Signal<boolean>, onGo: () => void }} props */
function ToNewest({ talk, away, onGo }) {
  if (!away.value && !talk.hasNewer.value) return null;
  const words = talk.streaming.value
    ? messagesWords.answeringBelow
    : talk.hasNewer.value
      ? messagesWords.backToNewest
      : messagesWords.newest;
  return html`<button type="button" class="to-newest" onClick=${onGo}>
    <${Icon} name="arrow-down" />${words}
  </button>`;
}

/** @param {Talk} talk @param {ScrollKeeper} keeper @param {HTMLElement | null} element */
async function toNewest(talk, keeper, element) {
  forgetLinkedMessage();
  if (talk.hasNewer.value) await talk.showNewest();
  keeper.follow();
  if (element) element.scrollTop = keeper.settle(measure(element), null);
  talk.sends.value += 1;
}

/** How long the message that was asked for stays lit, in milliseconds. */
const LIT = 2600;

/**
 * Shows a message in the middle, lights it for a moment, and takes the focus there.
 * @param {HTMLElement} scroller @param {ScrollKeeper} keeper @param {{ id: string, focus: boolean }} target
 */
function lead(scroller, keeper, { id, focus }) {
  const line = /** @type {HTMLElement | null} */ (scroller.querySelector(`[data-message-id="${CSS.escape(id)}"]`));
  if (!line) return;
  const before = scroller.getBoundingClientRect();
  const at = line.getBoundingClientRect();
  // A message taller than the window is shown from its beginning.
  const wanted = Math.max(before.top + 24, before.top + (before.height - at.height) / 3);
  keeper.stay();
  scroller.scrollTop = keeper.settle(measure(scroller), { before: wanted, now: at.top });
  line.tabIndex = -1;
  line.dataset.lit = "";
  setTimeout(() => delete line.dataset.lit, LIT);
  if (focus) line.focus({ preventScroll: true });
}

/**
 * The lines with their date lines.
 * @param {Entry[]} entries @param {DrawnLines} drawn @param {Talk} talk @param {Voices} voices @param {(entry: Entry) => void} [onEdit]
 */
function lines(entries, drawn, talk, voices, onEdit) {
  const now = new Date();
  // Far above, and in another branch, the last line shown is not the last one said.
  const atEnd = !talk.hasNewer.value;
  const last = atEnd ? entries.at(-1)?.id : null;
  const list = [];
  let evening = "";
  let before = /** @type {import("../../types.js").Mode} */ (null);
  for (let at = drawn.above; at < entries.length - drawn.below; at += 1) {
    const entry = entries[at];
    const moment = new Date(entry.message.created_at);
    const key = playDayKey(moment);
    if (key !== evening) {
      evening = key;
      list.push(html`<h2 class="evening" key=${`evening-${key}`}><span>${playDayWords(moment, now)}</span></h2>`);
    }
    const mode = entry.message.mode ?? null;
    if (voices.modes && mode && mode !== before) {
      list.push(
        html`<h3 class="mode-line mode-line--${mode}" key=${`mode-${entry.id}`}><span>${voices.modes[mode]}</span></h3>`,
      );
    }
    before = mode ?? before;
    list.push(html`<${MessageRow} key=${entry.id} entry=${entry} talk=${talk} voices=${voices}
      last=${entry.id === last} leftOut=${isLeftOut(entry, entries[at + 1])} onEdit=${onEdit} />`);
  }
  return list;
}

/**
 * Whether a question is no longer sent to the model: its answer, which comes later than it, knows best.
 * @param {Entry} entry @param {Entry | undefined} next
 */
function isLeftOut({ message }, next) {
  if (message.role !== "user") return false;
  return (next?.message.parent_id === message.id ? next.message.left_out : message.left_out) === true;
}

/** @param {HTMLElement} element @returns {import("../../models/scroll_keeper.js").Measure} */
function measure(element) {
  return { top: element.scrollTop, height: element.scrollHeight, view: element.clientHeight };
}

/**
 * The first message in sight and where it is, and the first of its paragraphs in sight.
 * @param {HTMLElement | null} scroller
 */
function firstVisible(scroller) {
  if (!scroller) return null;
  const edge = scroller.getBoundingClientRect().top;
  for (const element of scroller.querySelectorAll("[data-message-id]")) {
    const { bottom, top } = element.getBoundingClientRect();
    if (bottom <= edge) continue;
    const blocks = top < edge ? blocksOf(element) : [];
    const index = blocks.findIndex((each) => each.getBoundingClientRect().bottom > edge);
    return { element, top, index, blockTop: index < 0 ? top : blocks[index].getBoundingClientRect().top };
  }
  return null;
}

/**
 * How far what was first in sight has moved. The text of an answer that has ended is drawn anew, and
 * its cards may have another size by then: the same paragraph is looked for.
 * @param {NonNullable<ReturnType<typeof firstVisible>>} first
 */
function stillThere({ element, index, blockTop }) {
  if (!element.isConnected) return null;
  const block = index < 0 ? element : (blocksOf(element)[index] ?? element);
  return { before: blockTop, now: block.getBoundingClientRect().top };
}

/** The paragraphs, lists and cards of a message's text. @param {Element} message */
function blocksOf(message) {
  return [...message.querySelectorAll(".message__body > .prose > :not(.reply__tail), .reply__tail > *")];
}
