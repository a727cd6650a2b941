import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { secondsWords } from "../../models/amounts.js";
import { Icon } from "../icon.js";
import { useNow } from "../use_now.js";
import { messages } from "../../words/en/messages.js";

/**
 * What the model thinks, or thought, before it answered: folded, and apart from the answer. It is
 * plain text, whatever marks are in it.
 *
 * @typedef {import("../../models/reply_progress.js").ReplyProgress} ReplyProgress
 *
 * @param {{ entry: import("../../types.js").Entry, progress: ReplyProgress | null }} props
 */
export function Thinking({ entry, progress }) {
  const { message } = entry;
  const stored = message.reasoning ?? "";
  const text = progress?.thinking.value || stored;
  const phase = progress?.phase.value ?? null;
  const isThinking = phase?.name === "thinking";
  const seconds = message.reasoning_seconds ?? progress?.thoughtSeconds.value ?? null;
  const now = useNow(isThinking);
  const [open, setOpen] = useState(false);
  if (!text && !isThinking && seconds === null) return null;
  const words = isThinking
    ? messages.thinkingFor(secondsWords((now - phase.since) / 1000))
    : seconds === null
      ? messages.thought
      : messages.thoughtFor(secondsWords(Math.max(1, seconds)));
  if (!text) return html`<div class="thinking"><p class="thinking__fold">${words}</p></div>`;
  return html`<details class=${`thinking ${isThinking ? "thinking--running" : ""}`} open=${open}
    onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary class="thinking__fold"><${Icon} name="chevron-right" /><span>${words}</span></summary>
    ${open && html`<${Thought} text=${text} grows=${isThinking} />`}
  </details>`;
}

/** @param {{ text: string, grows: boolean }} props */
function Thought({ text, grows }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && grows && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [text, grows]);
  const scrolled = (/** @type {any} */ { currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
    (atEnd.current = scrollHeight - scrollTop - clientHeight < 24);
  return html`<div class="thinking__text" ref=${box} tabindex="0" role="region" aria-label=${messages.thoughtLabel} dir="auto" onScroll=${scrolled}>${text}</div>`;
}
