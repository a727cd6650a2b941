import { html } from "../html.js";
import { controls } from "../words/en/controls.js";

/** The mark for something unread, with the number where it is known. @param {{ count: number | boolean | undefined }} props */
export function UnreadMark({ count }) {
  if (!count) return null;
  const words = count === true ? controls.unread : controls.unreadCount(count);
  return html`<span class="unread-mark" role="img" aria-label=${words} title=${words}>${count === true ? "" : count}</span>`;
}
