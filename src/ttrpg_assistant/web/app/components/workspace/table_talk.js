import { html } from "../../html.js";
import { useActiveChat } from "../../state/conversations/active_chat.js";
import { turnoverOf } from "../../state/conversations/chat_actions.js";
import { ChatMenu } from "../talk/chat_menu.js";
import { IconButton } from "../icon.js";
import { SessionChatPanel } from "../talk/conversation_panel.js";
import { Speaking } from "../talk/speaking.js";
import { useTalkNaming } from "../talk/talk_naming.js";
import { TalkPanel, phaseOf } from "../talk/talk_panel.js";
import { EmptyTable } from "./empty_table.js";
import { ChatCampaign } from "./chat_campaign.js";
import { table as t } from "../../words/en/table.js";

/**
 * The conversations at the table: the campaign's own chat, threads, NPCs.
 *
 * @param {{ campaignId: string, campaign: any, sideOpen: boolean, onSide: () => void }} props
 */
export function TableTalk(props) {
  const general = html`<${OwnChat} key=${`${props.campaignId}-${turnoverOf(props.campaignId)}`} ...${props} />`;
  return html`<div class="table__talk"><${SessionChatPanel} campaignId=${props.campaignId} general=${general} /></div>`;
}

/** @param {{ campaignId: string, campaign: any, sideOpen: boolean, onSide: () => void }} props */
function OwnChat({ campaignId, campaign, sideOpen, onSide }) {
  const talk = useActiveChat(campaignId);
  const linked = talk.conversation.value?.campaign_id === campaignId;
  const title = talk.conversation.value?.title ?? "";
  const form = useTalkNaming(talk, title);
  const name = campaign?.name ?? t.theCampaign;
  return html`<section class="talk table__general" data-phase=${phaseOf(talk)} data-linked=${linked ? campaignId : ""} aria-label=${t.chatOfCampaign}>
    <header class="talk__head table__head">
      ${
        form ??
        html`<h2 class="talk__title"><a href=${`/campaigns/${campaignId}`}>${campaign?.name ?? " "}</a></h2>
        ${title && html`<span class="talk__since">${title}</span>`}`
      }
      <div class="talk__tools">
        <${ChatMenu} talk=${talk} />
        ${!sideOpen && html`<${IconButton} icon="chevron-left" label=${t.showSide} onClick=${onSide} />`}
      </div>
    </header>
    <${TalkPanel} talk=${talk} placeholder=${t.askCampaign}
      empty=${html`<${EmptyTable} campaign=${campaign} />`} below=${html`<${Speaking} />`} />
    <${ChatCampaign} name=${name} campaignId=${campaignId} linked=${linked} />
  </section>`;
}
