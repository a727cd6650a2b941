import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { toMarkup } from "../markdown.js";
import { ShownReply } from "../models/shown_reply.js";
import { follow } from "../links.js";
import { GrowingMarkdown } from "./growing_markdown.js";

/** A text that is whole. @param {{ text: string }} props */
export function Prose({ text }) {
  return html`<div class="prose" onClick=${follow} onAuxClick=${follow} dangerouslySetInnerHTML=${{ __html: toMarkup(text) }}></div>`;
}

/** A reply that is being written. @param {{ reply: import("../models/reply_text.js").ReplyText }} props */
export function GrowingProse({ reply }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const [coming, setComing] = useState(0);
  useLayoutEffect(() => {
    const growing = new GrowingMarkdown(/** @type {HTMLElement} */ (element.current));
    const shown = new ShownReply();
    const show = (/** @type {string} */ text) => {
      growing.show(shown.show(text));
      setComing(shown.count + (shown.isProposing ? 1 : 0));
    };
    show(reply.text);
    return reply.listen(show);
  }, [reply]);
  return html`<div class="prose reply--live" ref=${element} onClick=${follow} onAuxClick=${follow}></div>
    ${coming > 0 && html`<${Coming} count=${coming} />`}`;
}

/** Where proposals will stand when the reply has ended. @param {{ count: number }} props */
function Coming({ count }) {
  return html`<div class="coming" role="status">
    <p class="coming__words">${count === 1 ? "A proposal is being written…" : `${count} proposals so far…`}</p>
    ${Array.from({ length: Math.min(count, 4) }, (_, at) => html`<div class="coming__card" key=${at} aria-hidden="true"><i></i><i></i></div>`)}
  </div>`;
}
