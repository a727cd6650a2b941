import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { toMarkup } from "../markdown.js";
import { follow } from "../links.js";
import { GrowingMarkdown } from "./growing_markdown.js";

/** A text that is whole. @param {{ text: string }} props */
export function Prose({ text }) {
  return html`<div class="prose" onClick=${follow} dangerouslySetInnerHTML=${{ __html: toMarkup(text) }}></div>`;
}

/** A reply that is being written. @param {{ reply: import("../models/reply_text.js").ReplyText }} props */
export function GrowingProse({ reply }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const growing = new GrowingMarkdown(/** @type {HTMLElement} */ (element.current));
    growing.show(reply.text);
    return reply.listen((text) => growing.show(text));
  }, [reply]);
  return html`<div class="prose reply--live" ref=${element} onClick=${follow}></div>`;
}
