import { useEffect } from "preact/hooks";
import { isOwnDoing, turnOver, turnoverOf } from "./chat_actions.js";
import { useTalk } from "./open_conversations.js";
import { useApp } from "../app.js";
import { activeChat, activeChatPath } from "./conversation_openers.js";
import { attempt, toast } from "../notices.js";
import { conversations } from "../../words/en/conversations.js";

/**
 * The campaign's chat that is open now, without a campaign the quick chat. Key the component by
 * `turnoverOf` the campaign.
 * @param {string | null} [campaignId]
 */
export function useActiveChat(campaignId = null) {
  const app = useApp();
  const turnover = turnoverOf(campaignId);
  const key = (/** @type {number} */ count) => `chat-${campaignId ?? ""}-${count}`;
  const talk = useTalk(app, key(turnover), () => activeChat(campaignId));
  useEffect(() => {
    for (let old = turnover - 1; old >= 0 && old > turnover - 4; old -= 1) app.openConversations.drop(key(old));
  }, [turnover]);
  useEffect(() => attendTurnover(app, talk, campaignId), [app, talk, campaignId]);
  return talk;
}

/**
 * The chat may be ended, or another taken up, in another window, and a game session may begin with
 * one of its own: this page follows, and takes what is being written along.
 * @param {import("../app.js").App} app @param {import("../talk/talk.js").Talk} talk @param {string | null} campaignId
 */
function attendTurnover(app, talk, campaignId) {
  const look = async () => {
    const ours = talk.id;
    if (ours === null || isOwnDoing()) return;
    const active = await attempt(() => app.api.get(activeChatPath(campaignId)));
    if (!active || active.id === ours || talk.id !== ours || isOwnDoing()) return;
    const draft = app.drafts.get(ours);
    if (draft.text && !draft.sending && !app.drafts.get(active.id).text) app.drafts.keep(active.id, draft);
    turnOver(campaignId);
    const begins = active.message_count === 0 && active.game_session_id;
    toast(begins ? conversations.newForSession : conversations.openedElsewhere);
  };
  look(); // it may have been ended while it was out of sight
  return app.attend({
    onHint: (hint) => {
      if (hint.event === "conversation" && hint.kind === "chat" && hint.id !== talk.id) look();
    },
  });
}
