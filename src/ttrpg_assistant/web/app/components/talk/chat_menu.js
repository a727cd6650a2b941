import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { copyText } from "../../clipboard.js";
import { clear } from "../../state/conversations/chat_actions.js";
import { shownText } from "../../models/shown_reply.js";
import { useApp } from "../../state/app.js";
import { askedMemory } from "../../state/talk/memory.js";
import { naming } from "../../state/conversations/naming.js";
import { attempt, toast } from "../../state/notices.js";
import { ExportTalk } from "../archive/export_dialog.js";
import { GoToDate } from "./go_to_date.js";
import { ConversationSpending } from "./conversation_spending.js";
import { Icon } from "../icon.js";
import { keyOf } from "../../keys.js";
import { navigate } from "../../router.js";
import { controls } from "../../words/en/controls.js";
import { conversations } from "../../words/en/conversations.js";
import { memory } from "../../words/en/memory.js";
import { reviews } from "../../words/en/reviews.js";

/**
 * What is done less often with a conversation.
 * @param {{ talk: import("../../state/talk/talk.js").Talk, voices?: import("./message.js").Voices }} props
 */
export function ChatMenu({ talk, voices }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const [dialog, setDialog] = useState(/** @type {"date" | "export" | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (!open) return;
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector("[role=menuitem]"))?.focus();
    const away = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) === "Escape" && open) {
      event.preventDefault();
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    } else if (keyOf(event) === "ArrowDown" || keyOf(event) === "ArrowUp") {
      const items = [...(box.current?.querySelectorAll("[role=menuitem]") ?? [])];
      const at = items.indexOf(/** @type {Element} */ (document.activeElement));
      const next = items[(at + (keyOf(event) === "ArrowDown" ? 1 : -1) + items.length) % items.length];
      if (next instanceof HTMLElement) next.focus();
      event.preventDefault();
    }
  };
  const item = (/** @type {string} */ icon, /** @type {string} */ label, /** @type {() => unknown} */ run) =>
    html`<button type="button" role="menuitem" class="menu__item" onClick=${() => {
      setOpen(false);
      attempt(async () => run());
    }}><${Icon} name=${icon} />${label}</button>`;
  return html`<div class="menu" ref=${box} onKeyDown=${key}>
    <button type="button" class="icon-button" aria-haspopup="menu" aria-expanded=${open ? "true" : "false"}
      aria-label=${controls.more} title=${controls.more} onClick=${() => setOpen(!open)}><${Icon} name="ellipsis" /></button>
    ${
      open &&
      html`<div class="menu__list"><div role="menu" aria-label=${controls.more}>
      ${item("search", conversations.find, () => (talk.finding.value = true))}
      ${item("clock", conversations.goToDate, () => setDialog("date"))}
      ${talk.id && item("book-open", memory.title, () => (askedMemory.value = talk.id))}
      ${talk.kind === "chat" && talk.id && item("pencil", conversations.rename, () => (naming.value = talk.id))}
      ${talk.kind === "thread" && talk.id && talk.conversation.value?.campaign_id && item("scroll-text", reviews.open, () => navigate(`/reviews/${talk.id}`))}
      ${item("copy", conversations.copyAll, () => copyAll(talk, voices))}
      ${item("download", conversations.exportOne, () => setDialog("export"))}
      ${talk.kind === "chat" && !talk.readOnly && item("trash-2", conversations.clearAll, () => clear(app, talk))}
    </div>${talk.id && html`<${ConversationSpending} id=${talk.id} />`}</div>`
    }
    ${dialog === "date" && html`<${GoToDate} talk=${talk} onClose=${() => setDialog(null)} />`}
    ${dialog === "export" && talk.id && html`<${ExportTalk} id=${talk.id} onClose=${() => setDialog(null)} />`}
  </div>`;
}

/** @param {import("../../state/talk/talk.js").Talk} talk @param {import("./message.js").Voices | undefined} voices */
async function copyAll(talk, voices) {
  const text = talk.entries.value
    .map(
      ({ message }) =>
        `**${message.role === "user" ? controls.you : (voices?.name(message) ?? controls.assistant)}:** ${shownText(message)}`,
    )
    .join("\n\n");
  toast((await copyText(text)) ? controls.copied : controls.notCopied);
}
