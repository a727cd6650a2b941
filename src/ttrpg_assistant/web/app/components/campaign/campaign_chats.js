import { html } from "../../html.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { ConversationList } from "../conversations/conversation_list.js";
import { LoadFailed } from "./load_failed.js";
import { campaign as t } from "../../words/en/campaign.js";

/**
 * The chats of a campaign, or of one of its game sessions.
 * @param {{ campaignId: string, gameSessionId?: string, empty?: any }} props
 */
export function CampaignChats({ campaignId, gameSessionId, empty = null }) {
  const { api } = useApp();
  const asked = new URLSearchParams({ kind: "chat", limit: "200", campaign_id: campaignId });
  if (gameSessionId) asked.set("game_session_id", gameSessionId);
  const { value, fault, pull } = useFetched(
    async (signal) => (await api.get(`/api/conversations?${asked}`, { signal })).conversations,
    [campaignId, gameSessionId],
    (hint) => hint.event === "conversation",
  );
  if (fault && !value) return html`<${LoadFailed} fault=${fault} onRetry=${pull} />`;
  if (!value || value.length === 0) return value && empty;
  return html`<div class="purpose">
    <header class="section__title"><h2>${t.chats}</h2><span class="parts__count">${value.length}</span></header>
    <${ConversationList} listed=${value} />
  </div>`;
}
