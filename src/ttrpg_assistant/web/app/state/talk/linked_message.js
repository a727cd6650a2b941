import { useEffect } from "preact/hooks";
import { conversationLink } from "../../models/search_words.js";
import { again, navigate, path, query } from "../../router.js";
import { attempt } from "../notices.js";

/**
 * Leads the reader of a conversation to the message that the address asks for (`?message=`), or to
 * the conversation in which it stands.
 * @param {import("./talk.js").Talk} talk
 */
export function useLinkedMessage(talk) {
  const asked = new URLSearchParams(query.value);
  const messageId = isFor(talk, asked) ? asked.get("message") : null;
  const visit = again.value;
  useEffect(() => {
    if (messageId) attempt(() => talk.jumpTo(messageId));
  }, [talk, messageId, visit]);

  const elsewhere = talk.jump.elsewhere.value;
  useEffect(() => {
    if (!elsewhere) return;
    const link = conversationLink(elsewhere.conversation, elsewhere.messageId);
    talk.jump.elsewhere.value = null;
    if (link && link !== path.peek() + query.peek()) navigate(link, { replace: true });
    else talk.jump.isMissing.value = true;
  }, [elsewhere]);
}

/** While the page turns from one conversation to another, the old one is not meant. @param {import("./talk.js").Talk} talk @param {URLSearchParams} asked */
function isFor(talk, asked) {
  if (asked.has("thread")) return talk.kind === "thread";
  if (asked.has("npc") || asked.has("conversation")) return talk.kind === "npc";
  if (asked.has("scene")) return talk.kind === "scene";
  return true;
}

/** The address without the message in it: its reader has gone elsewhere. */
export function forgetLinkedMessage() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("message")) return;
  asked.delete("message");
  navigate(location.pathname + (asked.size ? `?${asked}` : ""), { replace: true });
}
