import { useEffect } from "preact/hooks";

/** Up to where each has been read on this page: going back to it says nothing anew. @type {WeakMap<object, string>} */
const told = new WeakMap();

/**
 * Says that a conversation has been read, when it comes into sight and whenever an answer ends in sight.
 * @param {import("../../state/talk/talk.js").Talk} talk
 * @param {(conversation: import("../../types.js").Conversation) => Promise<unknown>} read
 */
export function useMarkRead(talk, read) {
  const conversation = talk.conversation.value;
  const last = talk.entries.value.findLast(({ message, sign }) => message.role === "assistant" && sign !== "answering");
  const wanted = conversation && talk.phase.value === "ready" ? `${conversation.id} ${last?.id ?? ""}` : "";
  useEffect(() => {
    if (!wanted || !conversation || told.get(talk) === wanted || (!last && !conversation.unread_count)) return;
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      told.set(talk, wanted);
      read(conversation).catch((error) => {
        if (!error.detail) throw error;
        told.delete(talk); // said the next time it comes into sight
      });
    };
    document.addEventListener("visibilitychange", look);
    look();
    return () => document.removeEventListener("visibilitychange", look);
  }, [wanted]);
}
