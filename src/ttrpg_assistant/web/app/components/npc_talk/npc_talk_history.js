import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { clock, playDayWords } from "../../models/play_days.js";
import { useFetched } from "../../state/fetched.js";
import { renameNpcTalk } from "../../state/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon, IconButton } from "../icon.js";
import { Naming } from "../naming.js";
import { counted } from "../../models/file_words.js";

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
  return html`<${Dialog} title="Talk with ${name}" kind="sheet" onClose=${onClose}>
    ${fault && !value && html`<p role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>Retry</button></p>`}
    <ul class="past">
      ${value?.map(
        (/** @type {import("../../types.js").Conversation} */ one) => html`<li key=${one.id} class="past__row">
        ${
          naming === one.id
            ? html`<${Naming} title=${titleOf(one)} onName=${(/** @type {string} */ title) => rename(one.id, title)} onCancel=${() => setNaming(null)} />`
            : html`<button type="button" class="past__item" onClick=${() => onOpen(one.id)}>
              <span class="past__title">${titleOf(one)}</span><span class="past__facts">${factsOf(one)}</span></button>
            <${IconButton} icon="pencil" label=${`Rename “${titleOf(one)}”`} onClick=${() => setNaming(one.id)} />`
        }</li>`,
      )}
    </ul>
    <div class="button-row">
      <button type="button" class="button" onClick=${onNew}><${Icon} name="message-square-plus" /> New conversation</button>
      <button type="button" class="button" onClick=${onRehearse}><${Icon} name="play" /> Rehearse</button>
    </div>
  </${Dialog}>`;
}

/** @param {import("../../types.js").Conversation} one */
function titleOf(one) {
  const words = playDayWords(new Date(one.created_at), new Date());
  return (
    one.title ||
    `Talk of ${words.replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}, ${clock(new Date(one.created_at))}`
  );
}

/** @param {import("../../types.js").Conversation} one */
function factsOf(one) {
  const kind = one.purpose === "rehearsal" ? "rehearsal · " : "";
  const count = kind + counted(one.message_count, "message");
  if (!one.last_message_at) return count;
  const moment = new Date(one.last_message_at);
  const unread = one.unread_count ? ` · ${one.unread_count} unread` : "";
  return `${count} · last ${playDayWords(moment, new Date()).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}, ${clock(moment)}${unread}`;
}
