import { html } from "../../html.js";
import { IconButton } from "../icon.js";
import { attempt } from "../../state/notices.js";
import { messages } from "../../words/en/messages.js";

/**
 * The way between several answers to one message, or several wordings of it: ‹ 2/3 ›.
 * @param {{ entry: import("../../types.js").Entry, talk: import("../../state/talk/talk.js").Talk }} props
 */
export function SiblingSwitch({ entry, talk }) {
  const { siblings, id } = entry;
  if (siblings.length < 2) return null;
  const at = siblings.indexOf(id);
  const go = (/** @type {number} */ to) => attempt(() => talk.select(siblings[to]));
  const isOwn = entry.message.role === "user";
  return html`<span class="siblings" role="group" aria-label=${isOwn ? messages.versions : messages.answers}>
    <${IconButton} icon="chevron-left" label=${isOwn ? messages.earlierVersion : messages.earlierAnswer} disabled=${at <= 0} onClick=${() => go(at - 1)} />
    <span class="siblings__count">${at + 1}/${siblings.length}</span>
    <${IconButton} icon="chevron-right" label=${isOwn ? messages.laterVersion : messages.laterAnswer} disabled=${at >= siblings.length - 1}
      onClick=${() => go(at + 1)} />
  </span>`;
}
