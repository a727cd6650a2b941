import { ask } from "../components/dialog.js";
import { navigate, path } from "../router.js";
import { attempt, toast } from "./notices.js";
import { isRefused } from "./refused.js";
import { signal } from "@preact/signals";

/**
 * What is done to a whole chat.
 *
 * @typedef {import("./desk.js").Desk} Desk
 * @typedef {import("./talk.js").Talk} Talk
 */

/** Counts the times another chat became the active one on this page: the screen opens it then. */
export const chatTurnover = signal(0);

/** How many changes of the active chat this page is itself about to make. */
let underWay = 0;

/** Whether another chat becomes the active one by this page's own doing. */
export function isOwnDoing() {
  return underWay > 0;
}

/** @param {() => Promise<unknown>} deed */
async function ourselves(deed) {
  underWay += 1;
  try {
    await deed();
    show();
  } finally {
    underWay -= 1;
  }
}

/** Ends the active chat, after asking. @param {Desk} desk */
export function beginAnew(desk) {
  ask({
    title: "Start a new chat?",
    text: "It is kept under past conversations, where you can read and resume it.",
    yes: "Yes, start a new chat",
    no: "Cancel",
    run: () => attempt(() => endActive(desk)),
  });
}

/** @param {Desk} desk */
async function endActive(desk) {
  const active = await desk.api.post("/api/chat-sessions/active");
  await ourselves(() => desk.api.post(`/api/chat-sessions/${active.id}/end`));
  toast("A new chat.", { label: "Back to the old one", run: () => resume(desk, active.id) });
}

/**
 * Makes an earlier chat the active one. What was refused because it had ended goes through now.
 * @param {Desk} desk @param {string} id
 */
export async function resume(desk, id) {
  await ourselves(() => desk.api.post(`/api/chat-sessions/${id}/resume`));
  const refused = desk.waiting.value.filter((entry) => entry.conversation_id === id && isRefused(entry));
  for (const entry of refused) await desk.outbox?.retry(entry.id);
}

/** Takes everything out of the chat; it can be brought back. @param {Desk} desk @param {Talk} talk */
export async function clear(desk, talk) {
  const { cleared, removal_id: removal } = await desk.api.delete(`/api/chat-sessions/${talk.id}/messages`);
  await talk.showNewest();
  if (!removal) return;
  toast(cleared === 1 ? "One message cleared." : `${cleared} messages cleared.`, {
    label: "Undo",
    run: async () => {
      await desk.api.post(`/api/removals/${removal}/undo`);
      await talk.showNewest();
    },
  });
}

function show() {
  chatTurnover.value += 1;
  if (path.value !== "/chat") navigate("/chat");
}
