import { useEffect } from "preact/hooks";
import { isOwnDoing, turnOver, turnoverOf } from "./chat_deeds.js";
import { useTalk } from "./conversation_shelf.js";
import { useDesk } from "./desk.js";
import { activeChat, activeChatPath } from "./doors.js";
import { attempt, toast } from "./notices.js";

/**
 * The campaign's chat that is open now, without a campaign the quick chat. Key the component by
 * `turnoverOf` the campaign.
 * @param {string | null} [campaignId]
 */
export function useActiveChat(campaignId = null) {
  const desk = useDesk();
  const turnover = turnoverOf(campaignId);
  const key = (/** @type {number} */ count) => `chat-${campaignId ?? ""}-${count}`;
  const talk = useTalk(desk, key(turnover), () => activeChat(campaignId));
  useEffect(() => {
    for (let old = turnover - 1; old >= 0 && old > turnover - 4; old -= 1) desk.shelf.drop(key(old));
  }, [turnover]);
  useEffect(() => attendTurnover(desk, talk, campaignId), [desk, talk, campaignId]);
  return talk;
}

/**
 * The chat may be ended, or another taken up, in another window, and a game session may begin with
 * one of its own: this page follows, and takes what is being written along.
 * @param {import("./desk.js").Desk} desk @param {import("./talk.js").Talk} talk @param {string | null} campaignId
 */
function attendTurnover(desk, talk, campaignId) {
  const look = async () => {
    const ours = talk.id;
    if (ours === null || isOwnDoing()) return;
    const active = await attempt(() => desk.api.get(activeChatPath(campaignId)));
    if (!active || active.id === ours || talk.id !== ours || isOwnDoing()) return;
    const draft = desk.drafts.get(ours);
    if (draft.text && !draft.sending && !desk.drafts.get(active.id).text) desk.drafts.keep(active.id, draft);
    turnOver(campaignId);
    const begins = active.message_count === 0 && active.game_session_id;
    toast(begins ? "A new chat for this game session." : "Another conversation was opened in another window.");
  };
  look(); // it may have been ended while it was out of sight
  return desk.attend({
    onHint: (hint) => {
      if (hint.event === "conversation" && hint.kind === "chat" && hint.id !== talk.id) look();
    },
  });
}
