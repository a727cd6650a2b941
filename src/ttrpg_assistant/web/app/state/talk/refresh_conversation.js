import { asFault } from "../../faults.js";
import { conversationPath } from "../conversations/conversation_openers.js";

/**
 * Reads a chat or thread again: its title, its voice, whether it is closed. Its messages are not.
 * @param {import("../../api.js").Api} api
 * @param {{ id: string | null, kind: import("../../types.js").Kind, conversation: { value: import("../../types.js").Conversation | null } }} talk
 */
export async function refreshConversation(api, { id, kind, conversation }) {
  if (id === null || (kind !== "thread" && kind !== "chat")) return;
  try {
    const now = await api.get(conversationPath(kind, id));
    const before = conversation.value;
    if (before?.id !== now.id || now.updated_at < (before?.updated_at ?? "")) return;
    if (JSON.stringify(now) !== JSON.stringify(before)) conversation.value = now;
  } catch (error) {
    // What is shown stays; the next hint, or being seen again, asks once more.
    asFault(error);
  }
}
