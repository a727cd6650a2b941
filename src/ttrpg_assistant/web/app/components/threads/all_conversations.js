import { html } from "../../html.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { UnreadMark } from "../unread_mark.js";
import { threads as t } from "../../words/en/threads.js";

const ICONS = { chat: "messages-square", thread: "message-square", npc: "user", scene: "theater" };

/**
 * Every conversation of the campaign in the order of its tabs, with the keys that show it; below
 * them the other NPCs that have been talked with.
 * @param {{ tabs: import("../../state/conversations/conversation_tabs.js").ConversationTabs, onArchived: () => void, onClose: () => void }} props
 */
export function AllConversations({ tabs, onArchived, onClose }) {
  const show = (/** @type {string} */ key) => {
    onClose();
    tabs.select(key);
  };
  const line = (
    /** @type {import("../../state/conversations/conversation_tabs.js").Tab["kind"]} */ kind,
    /** @type {string} */ key,
    /** @type {string} */ name,
    /** @type {number | boolean} */ unread,
    /** @type {number} */ place,
  ) => html`<li key=${key}><button type="button" class="past__item all-conversations__item" aria-current=${key === tabs.selected.value ? "true" : undefined} onClick=${() => show(key)}>
    <${Icon} name=${ICONS[kind]} /><span class="past__title">${name}</span><${UnreadMark} count=${unread} />
    ${place > 0 && place <= 9 && html`<span class="all-conversations__keys"><kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>${place}</kbd></span>`}</button></li>`;
  return html`<${Dialog} title=${t.all} kind="sheet" onClose=${onClose}>
    <ul class="past">${tabs.list.map((tab, at) => line(tab.kind, tab.key, tab.name, tab.unread, at + 1))}</ul>
    ${
      tabs.others.length > 0 &&
      html`<h3>${t.otherNpcs}</h3>
      <ul class="past">${tabs.others.map((npc) => line("npc", `npc:${npc.id}`, npc.name, npc.unread_count, 0))}</ul>`
    }
    <p class="quiet">${t.nextAndPrevious} <kbd>Alt</kbd> <kbd>↓</kbd> · <kbd>Alt</kbd> <kbd>↑</kbd></p>
    <button type="button" class="button button--small" onClick=${onArchived}><${Icon} name="archive" /> ${t.archivedThreads}</button>
  </${Dialog}>`;
}
