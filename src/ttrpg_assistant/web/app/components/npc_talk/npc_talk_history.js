import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { useFetched } from "../../state/fetched.js";
import { renameNpcTalk } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon, IconButton } from "../icon.js";
import { Naming } from "../naming.js";
import { npc as t } from "../../words/en/npc.js";
import { controls } from "../../words/en/controls.js";
import { counts } from "../../words/en/counts.js";

/**
 * Every conversation with an NPC, the latest first.
 * @param {{ npcId: string, name: string, onOpen: (id: string) => void, onNew: () => void, onRehearse: () => void,
 *   onClose: () => void }} props
 */
export function NpcTalkHistory({ npcId, name, onOpen, onNew, onRehearse, onClose }) {
  const app = useApp();
  const { api } = app;
  const [naming, setNaming] = useState(/** @type {string | null} */ (null));
  const rename = (/** @type {string} */ id, /** @type {string} */ title) =>
    attempt(async () => {
      setNaming(null);
      await renameNpcTalk(app, id, title);
      await pull();
    });
  const { value, fault, pull } = useFetched(
    async (signal) => (await api.get(`/api/npcs/${npcId}/conversations`, { signal })).conversations,
    [npcId],
    (hint) => hint.event === "conversation" && hint.kind === "npc",
  );
  return html`<${Dialog} title=${t.conversationsWith(name)} kind="sheet" onClose=${onClose}>
    ${fault && !value && html`<p role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    <ul class="past">
      ${value?.map(
        (/** @type {import("../../types.js").Conversation} */ one) => html`<li key=${one.id} class="past__row">
        ${
          naming === one.id
            ? html`<${Naming} title=${titleOf(one)} onName=${(/** @type {string} */ title) => rename(one.id, title)} onCancel=${() => setNaming(null)} />`
            : html`<button type="button" class="past__item" onClick=${() => onOpen(one.id)}>
              <span class="past__title">${titleOf(one)}</span><span class="past__facts">${factsOf(one)}</span></button>
            <${IconButton} icon="pencil" label=${t.renameOne(titleOf(one))} onClick=${() => setNaming(one.id)} />`
        }</li>`,
      )}
    </ul>
    <div class="button-row">
      <button type="button" class="button" onClick=${onNew}><${Icon} name="message-square-plus" /> ${t.newConversation}</button>
      <button type="button" class="button" onClick=${onRehearse}><${Icon} name="play" /> ${t.rehearse}</button>
    </div>
  </${Dialog}>`;
}

/** @param {import("../../types.js").Conversation} one */
function titleOf(one) {
  const begun = new Date(one.created_at);
  const day = dayInSentence(begun);
  return one.title || t.conversationOf(day, clock(begun));
}

/** @param {import("../../types.js").Conversation} one */
function factsOf(one) {
  const kind = one.purpose === "rehearsal" ? `${t.rehearsalMark} · ` : "";
  const count = kind + counts.messages(one.message_count);
  if (!one.last_message_at) return count;
  const moment = new Date(one.last_message_at);
  const unread = one.unread_count ? ` · ${controls.unreadCount(one.unread_count)}` : "";
  const day = dayInSentence(moment);
  return t.last(count, day, clock(moment)) + unread;
}
