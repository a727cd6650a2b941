import { useEffect } from "preact/hooks";
import { attempt } from "./message_actions.js";

/**
 * Says that a conversation has been read, when it comes into sight and whenever an answer ends in sight.
 * @param {import("../state/talk.js").Talk} talk
 * @param {(conversation: import("../types.js").Conversation) => Promise<unknown>} read
 */
export function useReading(talk, read) {
  const conversation = talk.conversation.value;
  const last = talk.entries.value.findLast(({ message, sign }) => message.role === "assistant" && sign !== "answering");
  const wanted = conversation && talk.phase.value === "ready" ? `${conversation.id} ${last?.id ?? ""}` : "";
  useEffect(() => {
    if (!wanted || !conversation || (!last && !conversation.unread_count)) return;
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      attempt(() => read(conversation));
    };
    document.addEventListener("visibilitychange", look);
    look();
    return () => document.removeEventListener("visibilitychange", look);
  }, [wanted]);
}
