import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { toMarkup } from "../markdown.js";
import { ShownReply } from "../models/shown_reply.js";
import { follow } from "../links.js";
import { GrowingMarkdown } from "./growing_markdown.js";
import { PhaseLine } from "./phase_line.js";

/** A text that is whole. @param {{ text: string, citations?: import("../models/named_sources.js").Source[] }} props */
export function Prose({ text, citations }) {
  return html`<div class="prose" onClick=${follow} onAuxClick=${follow} dangerouslySetInnerHTML=${{ __html: toMarkup(text, citations) }}></div>`;
}

/**
 * A reply that is being written. While not a word has come, what goes on is said in its place.
 * @param {{ reply: import("../models/reply_text.js").ReplyText, progress?: import("../models/reply_progress.js").ReplyProgress,
 *   onStop?: () => Promise<unknown> }} props
 */
export function GrowingProse({ reply, progress, onStop }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const [coming, setComing] = useState(0);
  const [isEmpty, setEmpty] = useState(reply.text === "");
  useLayoutEffect(() => {
    const growing = new GrowingMarkdown(/** @type {HTMLElement} */ (element.current));
    const shown = new ShownReply();
    const show = (/** @type {string} */ text) => {
      growing.show(shown.show(text));
      setComing(shown.count + (shown.isProposing ? 1 : 0));
      setEmpty(text === "");
    };
    show(reply.text);
    return reply.listen(show);
  }, [reply]);
  return html`${isEmpty && progress && html`<${WhileEmpty} progress=${progress} onStop=${onStop} />`}
    <div class="prose reply--live" hidden=${isEmpty && progress !== undefined} ref=${element} onClick=${follow} onAuxClick=${follow}></div>
    ${coming > 0 && html`<${Coming} count=${coming} />`}`;
}

/**
 * Where the model thinks, the fold above says so.
 * @param {{ progress: import("../models/reply_progress.js").ReplyProgress, onStop?: () => Promise<unknown> }} props
 */
function WhileEmpty({ progress, onStop }) {
  const name = progress.phase.value?.name;
  const isTold = name !== "waiting" && (name === "thinking" || progress.thinking.value !== "");
  return isTold ? null : html`<${PhaseLine} progress=${progress} onStop=${onStop} />`;
}

/** Where proposals will stand when the reply has ended. @param {{ count: number }} props */
function Coming({ count }) {
  return html`<div class="coming" role="status">
    <p class="coming__words">${count === 1 ? "A proposal is being written…" : `${count} proposals so far…`}</p>
    ${Array.from({ length: Math.min(count, 4) }, (_, at) => html`<div class="coming__card" key=${at} aria-hidden="true"><i></i><i></i></div>`)}
  </div>`;
}
