import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { clock, eveningWords } from "../models/evenings.js";
import { navigate } from "../router.js";
import { useDesk } from "../state/desk.js";
import { chatTitle } from "../state/page_commands.js";
import { Dialog } from "./dialog.js";

/** @typedef {import("../types.js").Conversation} Conversation */

/** Earlier conversations, newest first. @param {{ onClose: () => void }} props */
export function PastChats({ onClose }) {
  const { api } = useDesk();
  const [chats, setChats] = useState(/** @type {Conversation[] | null} */ (null));
  const [cursor, setCursor] = useState(/** @type {string | null} */ (null));
  const [words, setWords] = useState("");

  const load = async (/** @type {string | null} */ before) => {
    try {
      const page = await api.get(`/api/chat-sessions?limit=50${before ? `&before=${encodeURIComponent(before)}` : ""}`);
      setWords("");
      setChats((known) => [...(before ? (known ?? []) : []), ...page.chat_sessions]);
      setCursor(page.has_more ? page.next_cursor : null);
    } catch (error) {
      setWords(/** @type {any} */ (error).detail ?? "They could not be loaded.");
    }
  };
  useEffect(() => {
    load(null);
  }, []);

  const open = (/** @type {Conversation} */ chat) => {
    onClose();
    navigate(chat.status === "active" ? "/chat" : `/chat/${chat.id}`);
  };
  const shown = chats?.filter((chat) => chat.status === "active" || chat.message_count > 0);
  return html`<${Dialog} title="Past conversations" kind="sheet" onClose=${onClose}>
    ${words && html`<p role="alert">${words} <button type="button" class="link-button" onClick=${() => load(null)}>Retry</button></p>`}
    ${shown?.length === 1 && shown[0].status === "active" && html`<p class="quiet">When a conversation is ended, it is kept here.</p>`}
    <ul class="past">
      ${shown?.map(
        (chat) => html`<li key=${chat.id}><button type="button" class="past__item" onClick=${() => open(chat)}>
        <span class="past__title">${chatTitle(chat)}</span>
        <span class="past__facts">${factsOf(chat)}</span>
      </button></li>`,
      )}
    </ul>
    ${cursor && html`<button type="button" class="button" onClick=${() => load(cursor)}>Show earlier ones</button>`}
  </${Dialog}>`;
}

/** @param {Conversation} chat */
function factsOf(chat) {
  const moment = new Date(chat.last_message_at ?? chat.created_at);
  const count = chat.message_count === 1 ? "1 message" : `${chat.message_count} messages`;
  const open = chat.status === "active" ? "open now · " : "";
  return `${open}${count} · ${eveningWords(moment, new Date())}, ${clock(moment)}`;
}
