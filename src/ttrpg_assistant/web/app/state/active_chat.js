import { useEffect } from "preact/hooks";
import { chatTurnover, isOwnDoing } from "./chat_deeds.js";
import { useTalk } from "./conversation_shelf.js";
import { useDesk } from "./desk.js";
import { activeChat } from "./doors.js";
import { attempt, toast } from "./notices.js";

/** The quick chat that is open now, wherever it is shown. Key the component by `chatTurnover`. */
export function useActiveChat() {
  const desk = useDesk();
  const turnover = chatTurnover.value;
  const talk = useTalk(desk, `chat-${turnover}`, () => activeChat);
  useEffect(() => {
    for (let old = turnover - 1; old >= 0 && old > turnover - 4; old -= 1) desk.shelf.drop(`chat-${old}`);
  }, [turnover]);
  useEffect(() => attendTurnover(desk, talk), [desk, talk]);
  return talk;
}

/**
 * The chat may be ended, or another taken up, in another window: this one follows, and takes what
 * is being written along.
 * @param {import("./desk.js").Desk} desk @param {import("./talk.js").Talk} talk
 */
function attendTurnover(desk, talk) {
  const look = async () => {
    const ours = talk.id;
    if (ours === null || isOwnDoing()) return;
    const active = await attempt(() => desk.api.get("/api/chat-sessions/active"));
    if (!active || active.id === ours || talk.id !== ours || isOwnDoing()) return;
    const draft = desk.drafts.get(ours);
    if (draft.text && !draft.sending && !desk.drafts.get(active.id).text) desk.drafts.keep(active.id, draft);
    chatTurnover.value += 1;
    toast("Another conversation was opened in another window.");
  };
  look(); // it may have been ended while it was out of sight
  return desk.attend({
    onHint: (hint) => {
      if (hint.event === "conversation" && hint.kind === "chat" && hint.id !== talk.id) look();
    },
  });
}
