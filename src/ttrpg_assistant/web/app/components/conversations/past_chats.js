import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { asFault } from "../../faults.js";
import { useApp } from "../../state/app.js";
import { ConversationList } from "./conversation_list.js";
import { Dialog } from "../dialog.js";
import { conversations } from "../../words/en/conversations.js";
import { controls } from "../../words/en/controls.js";

/** @typedef {import("../../models/conversation_groups.js").Listed} Listed */

/** After a key, so long is waited for the next before it is searched, in milliseconds. */
const TYPING = 150;

/** Earlier chats, the newest first, found by title and first line. @param {{ onClose: () => void }} props */
export function PastChats({ onClose }) {
  const { api } = useApp();
  const [listed, setListed] = useState(/** @type {Listed[] | null} */ (null));
  const [cursor, setCursor] = useState(/** @type {string | null} */ (null));
  const [words, setWords] = useState("");
  const [fault, setFault] = useState("");
  /** Which search is the latest: an earlier one may answer after it. */
  const latest = useRef(0);

  const load = async (/** @type {string | null} */ before) => {
    latest.current += 1;
    const mine = latest.current;
    const asked = new URLSearchParams({ kind: "chat", limit: "50", include_open: "true", query: words });
    if (before) asked.set("before", before);
    try {
      const page = await api.get(`/api/conversations?${asked}`);
      if (mine !== latest.current) return;
      setFault("");
      setListed((known) => [...(before ? (known ?? []) : []), ...page.conversations]);
      setCursor(page.has_more ? page.next_cursor : null);
    } catch (error) {
      if (mine === latest.current) setFault(asFault(error).detail);
    }
  };
  useEffect(() => {
    const soon = setTimeout(() => load(null), listed === null ? 0 : TYPING);
    return () => clearTimeout(soon);
  }, [words]);

  const none = words.trim() ? conversations.noneFound : conversations.nonePast;
  return html`<${Dialog} title=${conversations.past} kind="sheet" onClose=${onClose}>
    <input class="field" type="search" aria-label=${conversations.searchPast} placeholder=${conversations.searchPast}
      value=${words} onInput=${(/** @type {any} */ event) => setWords(event.currentTarget.value)} />
    ${fault && html`<p role="alert">${fault} <button type="button" class="link-button" onClick=${() => load(null)}>${controls.retry}</button></p>`}
    ${listed && (listed.length === 0 || (!words.trim() && listed.every(({ status }) => status === "active"))) && html`<p class="quiet">${none}${words.trim() && html` <button type="button" class="link-button" onClick=${() => setWords("")}>${controls.showAll}</button>`}</p>`}
    ${listed && html`<${ConversationList} listed=${listed} withCampaigns onOpen=${onClose} />`}
    ${cursor && html`<button type="button" class="button" onClick=${() => load(cursor)}>${conversations.showEarlier}</button>`}
  </${Dialog}>`;
}
