import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { copyText } from "../../clipboard.js";
import { ask } from "../../components/dialog.js";
import { ApiFault } from "../../faults.js";
import { isRefused } from "../../models/outbox_rules.js";
import { conversationLink } from "../../models/search_words.js";
import { navigate, path } from "../../router.js";
import { openChatPath } from "../conversations/chat_actions.js";
import { messagesPath } from "../conversations/conversation_openers.js";
import { toast } from "../notices.js";
import { messages as messagesWords } from "../../words/en/messages.js";
import { controls } from "../../words/en/controls.js";

/**
 * Messages that were refused for good while their author looks at something else: they stay in
 * their own conversation, so the page has to say so and lead there.
 *
 * @typedef {import("../../types.js").OutboxEntry} OutboxEntry
 * @typedef {import("../app.js").App} App
 */

/** Conversations whose lines are on the screen. */
const shown = signal(/** @type {string[]} */ ([]));

/** Says that the lines of this conversation are on the screen. @param {string | null} id */
export function useOnScreen(id) {
  useEffect(() => {
    if (id === null) return;
    shown.value = [...shown.peek(), id];
    return () => {
      const at = shown.peek().indexOf(id);
      shown.value = shown.peek().filter((_, n) => n !== at);
    };
  }, [id]);
}

/** Refused messages that are nowhere on the screen, oldest first. @param {App} app */
export function refusedElsewhere(app) {
  // While a conversation is being opened, nobody knows yet whether it is the one.
  if (shown.value.length === 0 && /^\/(chat|session|npcs)\b/.test(path.value)) return [];
  return app.waiting.value.filter((entry) => isRefused(entry) && !shown.value.includes(entry.conversation_id));
}

/** Goes where a refused message stands. @param {App} app @param {OutboxEntry} entry */
export async function showRefused(app, entry) {
  try {
    const place = await placeOf(app, entry);
    if (place) return navigate(place);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    if (error.status !== 404) return toast(error.detail);
  }
  ask({
    title: messagesWords.conversationGone,
    text: messagesWords.refusedText(entry.content),
    yes: messagesWords.copyAndDiscard,
    no: messagesWords.keep,
    run: async () => {
      if (!(await copyText(entry.content))) return toast(controls.notCopied);
      await app.outbox?.discard(entry.id);
      toast(controls.copied);
    },
  });
}

/** @param {App} app @param {OutboxEntry} entry @returns {Promise<string | null>} */
async function placeOf({ api }, { kind, conversation_id: id, noted }) {
  if (kind === "note" || kind === "roll") {
    await api.get(`/api/game-sessions/${id}`);
    return `/session/${noted?.campaign_id}`;
  }
  if (kind === "chat") {
    const chat = await api.get(`/api/chat-sessions/${id}`);
    return chat.status === "active" ? openChatPath(chat.campaign_id) : `/chat/${id}`;
  }
  if (kind === "thread") return conversationLink(await api.get(`/api/threads/${id}`));
  const { messages } = await api.get(`${messagesPath(kind, id)}?limit=1`);
  if (messages.length === 0) return null;
  return conversationLink((await api.get(`/api/messages/${messages[0].id}/around?limit=3`)).conversation);
}
