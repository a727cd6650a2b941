import { html } from "../../html.js";
import { groupConversations } from "../../models/conversation_groups.js";
import { clock, playDayWords } from "../../models/play_days.js";
import { openChatPath } from "../../state/conversations/chat_actions.js";
import { chatTitle } from "../../state/palette/page_commands.js";
import { conversations } from "../../words/en/conversations.js";
import { counts } from "../../words/en/counts.js";

/**
 * Chats under their campaign and game session.
 *
 * @typedef {import("../../models/conversation_groups.js").Listed} Listed
 *
 * @param {object} props
 * @param {readonly Listed[]} props.listed the latest first
 * @param {boolean} [props.withCampaigns] name the campaigns
 * @param {() => void} [props.onOpen] one is opened
 */
export function ConversationList({ listed, withCampaigns = false, onOpen }) {
  // No level is skipped where nothing is between the page's heading and a game session's.
  const heading = withCampaigns ? "h4" : "h3";
  // A group and no region: two campaigns may have the same name, and two regions may not.
  return groupConversations(listed).map(
    (campaign) => html`<div class="chats" role="group" key=${campaign.id ?? ""} aria-label=${campaign.name}>
      ${withCampaigns && html`<h3 class="chats__campaign">${campaign.name}</h3>`}
      ${campaign.gameSessions.map(
        (group) => html`<div key=${group.id ?? ""}>
        ${campaign.id && html`<${heading} class="chats__game-session">${group.name}<//>`}
        <ul class="past">${group.conversations.map(
          (each) => html`<li key=${each.id}><a class="past__item" href=${chatLink(each)} onClick=${() => onOpen?.()}>
          <span class="past__title">${chatTitle(each)}</span>
          <span class="past__facts">${factsOf(each)}</span></a></li>`,
        )}</ul></div>`,
      )}
    </div>`,
  );
}

/** @param {Listed} chat */
function chatLink(chat) {
  return chat.status === "active" ? openChatPath(chat.campaign_id) : `/chat/${chat.id}`;
}

/** @param {Listed} chat */
function factsOf(chat) {
  const moment = new Date(chat.last_message_at ?? chat.created_at);
  const facts = [counts.messages(chat.message_count), `${playDayWords(moment, new Date())}, ${clock(moment)}`];
  if (chat.status === "active") facts.unshift(conversations.openNow);
  return facts.join(" · ");
}
