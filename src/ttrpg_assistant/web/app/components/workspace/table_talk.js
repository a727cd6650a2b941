import { html } from "../../html.js";
import { contextOf } from "../../state/campaign_context.js";
import { useActiveChat } from "../../state/active_chat.js";
import { chatTurnover } from "../../state/chat_deeds.js";
import { useDesk } from "../../state/desk.js";
import { ChatMenu } from "../chat_menu.js";
import { IconButton } from "../icon.js";
import { SessionChatPanel } from "../conversation_panel.js";
import { Speaking } from "../speaking.js";
import { TalkPanel, phaseOf } from "../talk_panel.js";
import { EmptyTable } from "./empty_table.js";
import { Knows } from "./knows.js";

/**
 * The talk at the table: the quick chat, threads, NPCs. Nothing is sent in the quick chat before the chat is known to know this campaign.
 *
 * @param {{ campaignId: string, campaign: any, sideOpen: boolean, onSide: () => void }} props
 */
export function TableTalk(props) {
  const general = html`<${LinkedChat} key=${chatTurnover.value} ...${props} />`;
  return html`<div class="table__talk"><${SessionChatPanel} campaignId=${props.campaignId} general=${general} /></div>`;
}

/** @param {{ campaignId: string, campaign: any, sideOpen: boolean, onSide: () => void }} props */
function LinkedChat({ campaignId, campaign, sideOpen, onSide }) {
  const talk = useActiveChat();
  const context = contextOf(useDesk());
  const linked = context.campaignId.value === campaignId;
  const name = campaign?.name ?? "the campaign";
  return html`<section class="talk table__general" data-phase=${phaseOf(talk)} data-linked=${linked ? campaignId : ""} aria-label="Quick chat">
    <header class="talk__head table__head">
      <h2 class="talk__title"><a href=${`/campaigns/${campaignId}`}>${campaign?.name ?? " "}</a></h2>
      <div class="talk__tools">
        <${ChatMenu} talk=${talk} />
        ${!sideOpen && html`<${IconButton} icon="chevron-left" label="Show side panel" onClick=${onSide} />`}
      </div>
    </header>
    <${TalkPanel} talk=${talk} hold=${linked ? undefined : `Opening ${name} for the chat…`} placeholder="Ask about this campaign, or describe the scene"
      empty=${html`<${EmptyTable} name=${name} />`} below=${html`<${Speaking} />`} />
    <${Knows} name=${name} campaignId=${campaignId} />
  </section>`;
}
