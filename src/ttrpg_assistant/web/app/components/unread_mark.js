import { html } from "../html.js";

/** Says that there is something unread, and how much where that is known. @param {{ count: number | boolean | undefined }} props */
export function UnreadMark({ count }) {
  if (!count) return null;
  const words = count === true ? "Unread" : `${count} unread`;
  return html`<span class="unread-mark" role="img" aria-label=${words} title=${words}>${count === true ? "" : count}</span>`;
}
