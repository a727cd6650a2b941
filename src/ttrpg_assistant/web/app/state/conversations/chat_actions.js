import { ask } from "../../components/dialog.js";
import { navigate, path } from "../../router.js";
import { activeChat } from "./conversation_openers.js";
import { attempt, toast } from "../notices.js";
import { isRefused } from "../../models/outbox_rules.js";
import { signal } from "@preact/signals";
import { conversations as conversationsWords } from "../../words/en/conversations.js";
import { controls } from "../../words/en/controls.js";

/**
 * What is done to a whole chat.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {import("../talk/talk.js").Talk} Talk
 */

/** By campaign, "" for none: how often another chat became the active one on this page. */
const turnovers = signal(/** @type {Readonly<Record<string, number>>} */ ({}));

/** How often another chat of this campaign became the active one: a screen opens it then. @param {string | null} campaignId */
export function turnoverOf(campaignId) {
  return turnovers.value[campaignId ?? ""] ?? 0;
}

/** Another chat of this campaign is the active one now. @param {string | null} campaignId */
export function turnOver(campaignId) {
  const name = campaignId ?? "";
  turnovers.value = { ...turnovers.value, [name]: (turnovers.value[name] ?? 0) + 1 };
}

/** The campaign whose table is on the screen, or null. */
export function campaignOnScreen() {
  return /^\/session\/([^/?]+)/.exec(path.value)?.[1] ?? null;
}

/** The screen of a campaign's open chat. @param {string | null | undefined} campaignId */
export function openChatPath(campaignId) {
  return campaignId ? `/session/${campaignId}` : "/chat";
}

/** How many changes of the active chat this page is itself about to make. */
let underWay = 0;

/** Whether another chat becomes the active one by this page's own doing. */
export function isOwnDoing() {
  return underWay > 0;
}

/** @param {() => Promise<any>} deed makes another chat the active one, and answers with it */
async function ourselves(deed) {
  underWay += 1;
  try {
    show((await deed()).campaign_id ?? null);
  } finally {
    underWay -= 1;
  }
}

/** Ends the active chat of the screen's campaign, after asking. @param {App} app */
export function beginAnew(app) {
  const campaignId = campaignOnScreen();
  ask({
    title: conversationsWords.askStartNew,
    text: conversationsWords.startNewWords,
    yes: conversationsWords.confirmStart,
    no: controls.cancel,
    run: () => attempt(() => endActive(app, campaignId)),
  });
}

/** @param {App} app @param {string | null} campaignId */
async function endActive(app, campaignId) {
  const active = await activeChat(campaignId).open(app.api);
  await ourselves(() => app.api.post(`/api/chat-sessions/${active.id}/end`));
  toast(conversationsWords.newStarted, { label: conversationsWords.backToOld, run: () => resume(app, active.id) });
}

/**
 * Makes an earlier chat the active one. What was refused because it had ended goes through now.
 * @param {App} app @param {string} id
 */
export async function resume(app, id) {
  await ourselves(() => app.api.post(`/api/chat-sessions/${id}/resume`));
  const refused = app.waiting.value.filter((entry) => entry.conversation_id === id && isRefused(entry));
  for (const entry of refused) await app.outbox?.retry(entry.id);
}

/** Takes everything out of the chat; it can be brought back. @param {App} app @param {Talk} talk */
export async function clear(app, talk) {
  const { cleared, removal_id: removal } = await app.api.delete(`/api/chat-sessions/${talk.id}/messages`);
  await talk.showNewest();
  if (!removal) return;
  toast(conversationsWords.cleared(cleared), {
    label: controls.undo,
    run: async () => {
      await app.api.post(`/api/removals/${removal}/undo`);
      await talk.showNewest();
    },
  });
}

/** @param {string | null} campaignId */
function show(campaignId) {
  turnOver(campaignId);
  const there = openChatPath(campaignId);
  if (path.value !== there) navigate(there);
}
