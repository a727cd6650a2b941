import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { markRead, setArchived } from "../../state/conversations/conversation_actions.js";
import { useTalk } from "../../state/conversations/open_conversations.js";
import { useApp } from "../../state/app.js";
import { thread } from "../../state/conversations/conversation_openers.js";
import { attempt } from "../../state/notices.js";
import { Speaking } from "../talk/speaking.js";
import { TalkPanel, phaseOf } from "../talk/talk_panel.js";
import { useMarkRead } from "../talk/use_mark_read.js";
import { EmptyThread } from "./empty_thread.js";
import { ThreadHead } from "./thread_head.js";
import { readingNotes } from "../../words/en/reading_notes.js";
import { threads as t } from "../../words/en/threads.js";

/**
 * One thread.
 * @param {{ id: string, onChanged?: (thread: import("../../types.js").Conversation) => void }} props
 */
export function ThreadPanel({ id, onChanged }) {
  const app = useApp();
  const talk = useTalk(app, `thread-${id}`, () => thread(id));
  useMarkRead(talk, (conversation) => markRead(app, conversation));
  useTitle(talk, onChanged);
  const conversation = talk.conversation.value;
  const restore = () =>
    attempt(async () => {
      await setArchived(app, id, false);
      if (talk.conversation.value) onChanged?.(talk.conversation.value);
    });
  const closed =
    conversation?.purpose === "notes"
      ? html`<div class="past-foot"><p>${readingNotes.notTalk}</p>
    <a class="button button--accent" href=${`/reviews/${id}`}>${readingNotes.review}</a></div>`
      : html`<div class="past-foot"><p>${t.archivedNote}</p>
    <button type="button" class="button button--accent" onClick=${restore}>${t.unarchive}</button></div>`;
  return html`<section class="talk" data-phase=${phaseOf(talk)} data-conversation-id=${id}>
    <${ThreadHead} talk=${talk} onChanged=${onChanged} />
    <${TalkPanel} talk=${talk} closed=${closed} below=${html`<${Speaking} />`} placeholder=${t.placeholder}
      empty=${conversation && html`<${EmptyThread} thread=${conversation} />`} />
  </section>`;
}

/**
 * A thread is named by the first thing said in it, and perhaps by a model: then its lists learn the title.
 * @param {import("../../state/talk/talk.js").Talk} talk
 * @param {((thread: import("../../types.js").Conversation) => void) | undefined} onChanged
 */
function useTitle(talk, onChanged) {
  const title = talk.conversation.value?.title;
  useEffect(() => {
    if (title && talk.conversation.value) onChanged?.(talk.conversation.value);
  }, [title]);
}
