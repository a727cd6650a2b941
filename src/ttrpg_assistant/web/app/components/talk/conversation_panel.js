import { html } from "../../html.js";
import { turnoverOf } from "../../state/conversations/chat_actions.js";
import { NpcTalkPanel } from "../npc_talk/npc_talk_panel.js";
import { QuickChat } from "./quick_chat.js";
import { SessionChatPanel } from "../threads/session_chat_panel.js";
import { ThreadPanel } from "../threads/thread_panel.js";

export { SessionChatPanel };

/**
 * Any conversation, to be put anywhere on the page: it loads, streams, sends and keeps its draft.
 *
 * @param {object} props
 * @param {import("../../types.js").Kind} props.kind
 * @param {string} [props.conversationId] of a thread, or of talk with an NPC (else the latest)
 * @param {string} [props.npcId]
 * @param {string} [props.campaignId]
 */
export function ConversationPanel({ kind, conversationId, npcId, campaignId }) {
  if (kind === "thread")
    return html`<div class="threads"><${ThreadPanel} key=${conversationId} id=${conversationId} /></div>`;
  if (kind === "npc")
    return html`<${NpcTalkPanel} key=${npcId} npcId=${npcId} campaignId=${campaignId} conversationId=${conversationId} />`;
  return html`<${QuickChat} key=${turnoverOf(null)} />`;
}
