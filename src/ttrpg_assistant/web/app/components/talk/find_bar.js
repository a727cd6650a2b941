import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { placesOf, termsOf } from "../../models/found_words.js";
import { searchAddress } from "../../models/search_words.js";
import { useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { IconButton } from "../icon.js";
import { conversations } from "../../words/en/conversations.js";
import { controls } from "../../words/en/controls.js";

/**
 * Finds words in one conversation, however long: the server names every message that has them, and
 * the timeline is led from one to the next.
 *
 * @typedef {{ message_ids: string[], elsewhere: number, is_cut: boolean, words: string[][] }} FoundInside
 *
 * @param {{ talk: import("../../state/talk/talk.js").Talk }} props
 */
export function FindBar({ talk }) {
  const { api } = useApp();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState(/** @type {FoundInside | null} */ (null));
  const [at, setAt] = useState(0);
  const [words, setWords] = useState("");
  const asked = useSettled(typed).trim();

  const go = (/** @type {FoundInside} */ now, /** @type {number} */ to) => {
    const count = now.message_ids.length;
    if (count === 0) return;
    const next = (to + count) % count;
    setAt(next);
    attempt(() => talk.jumpTo(now.message_ids[next], { focus: false }));
  };
  useEffect(() => field.current?.select(), []);
  useEffect(() => {
    setFound(null);
    setWords("");
    if (!/[\p{L}\p{N}]/u.test(asked)) return;
    const calling = new AbortController();
    const find = async () => {
      try {
        /** @type {FoundInside} */
        const now = await api.get(`/api/conversations/${talk.id}/find?q=${encodeURIComponent(asked)}`, {
          signal: calling.signal,
        });
        if (calling.signal.aborted) return;
        setFound(now);
        go(now, now.message_ids.length - 1); // the newest first: that is where the talk is
      } catch (error) {
        const { detail, cure } = /** @type {any} */ (error);
        if (!detail) throw error;
        if (!calling.signal.aborted) setWords([detail, cure].filter(Boolean).join(" "));
      }
    };
    find();
    return () => calling.abort();
  }, [asked, talk]);
  useMarks(talk, found ? asked : "", found?.words);

  const close = () => {
    talk.finding.value = false;
    const line = talk.jump.target.value?.id;
    const there = line && document.querySelector(`[data-message-id="${line}"]`);
    if (there instanceof HTMLElement) there.focus({ preventScroll: true });
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) === "Escape") close();
    else if (keyOf(event) === "Enter" && found) go(found, event.shiftKey ? at + 1 : at - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const count = found?.message_ids.length ?? 0;
  const place =
    found &&
    (count === 0
      ? conversations.notFound
      : conversations.place(at + 1, `${count.toLocaleString()}${found.is_cut ? "+" : ""}`));
  return html`<div class="find" role="search" aria-label=${conversations.find} onKeyDown=${key}>
    <input ref=${field} type="search" class="field find__words" aria-label=${conversations.findWords} placeholder=${conversations.find}
      maxlength="500" autofocus value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} />
    <span class="find__count" role="status">${words || (place ?? (asked ? controls.searching : ""))}</span>
    <${IconButton} icon="arrow-down" class="find__up" label=${conversations.earlier} disabled=${count === 0} onClick=${() => found && go(found, at - 1)} />
    <${IconButton} icon="arrow-down" label=${conversations.later} disabled=${count === 0} onClick=${() => found && go(found, at + 1)} />
    <${IconButton} icon="x" label=${conversations.closeSearch} onClick=${close} />
    ${
      found &&
      found.elsewhere > 0 &&
      html`<a class="find__elsewhere" href=${searchAddress({ q: asked, conversation_id: talk.id ?? "", archived: "true" })}>
      ${conversations.inOtherBranches(found.elsewhere.toLocaleString())}</a>`
    }
  </div>`;
}

/**
 * Marks the words in the lines that are shown, without touching them.
 * @param {import("../../state/talk/talk.js").Talk} talk @param {string} query
 * @param {string[][]} [others] other forms of the words
 */
function useMarks(talk, query, others) {
  const entries = talk.entries.value;
  useEffect(() => {
    const marks = globalThis.CSS?.highlights;
    if (!marks || !query) return;
    const terms = termsOf(query, others);
    const frame = requestAnimationFrame(() => marks.set("found", new Highlight(...rangesOf(terms))));
    return () => {
      cancelAnimationFrame(frame);
      marks.delete("found");
    };
  }, [entries, query, others]);
}

/** @param {import("../../models/found_words.js").Term[]} terms */
function rangesOf(terms) {
  const ranges = [];
  for (const body of document.querySelectorAll(".timeline .message .prose")) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      for (const [start, end] of placesOf(node.nodeValue ?? "", terms)) {
        const range = new Range();
        range.setStart(node, start);
        range.setEnd(node, end);
        ranges.push(range);
      }
    }
  }
  return ranges;
}
