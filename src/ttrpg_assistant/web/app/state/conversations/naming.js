import { signal } from "@preact/signals";
import { attempt } from "../notices.js";

/** The conversation whose title is being written on this page. */
export const naming = signal(/** @type {string | null} */ (null));

/**
 * Calls a conversation something else.
 * @param {import("../app.js").App} app @param {import("../talk/talk.js").Talk} talk @param {string} title
 * @returns {Promise<import("../../types.js").Conversation | undefined>} as it is now; nothing when it could not be renamed
 */
export function rename(app, talk, title) {
  return attempt(async () => {
    naming.value = null;
    const before = talk.conversation.value;
    if (!before || title === before.title) return;
    const renamed = await app.api.patch(`/api/conversations/${before.id}`, { title });
    if (talk.id === before.id) talk.conversation.value = { ...talk.conversation.value, ...renamed };
    return renamed;
  });
}
