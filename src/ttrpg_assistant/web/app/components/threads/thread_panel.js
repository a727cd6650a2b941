import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { proposeTitle } from "../../models/purposes.js";
import { changeThread, markRead, setArchived } from "../../state/conversation_deeds.js";
import { useTalk } from "../../state/conversation_shelf.js";
import { useDesk } from "../../state/desk.js";
import { thread } from "../../state/doors.js";
import { attempt } from "../../state/notices.js";
import { Speaking } from "../speaking.js";
import { TalkPanel, phaseOf } from "../talk_panel.js";
import { useReading } from "../use_reading.js";
import { EmptyThread } from "./empty_thread.js";
import { ThreadHead } from "./thread_head.js";

/**
 * One thread.
 * @param {{ id: string, onChanged?: (thread: import("../../types.js").Conversation) => void }} props
 */
export function ThreadPanel({ id, onChanged }) {
  const desk = useDesk();
  const talk = useTalk(desk, `thread-${id}`, () => thread(id));
  useReading(talk, (conversation) => markRead(desk, conversation));
  useTitle(desk, talk, onChanged);
  const conversation = talk.conversation.value;
  const restore = () =>
    attempt(async () => {
      await setArchived(desk, id, false);
      if (talk.conversation.value) onChanged?.(talk.conversation.value);
    });
  const closed = html`<div class="past-foot"><p>This thread is archived. It can be read, and takes no new messages.</p>
    <button type="button" class="button button--accent" onClick=${restore}>Restore it</button></div>`;
  return html`<section class="talk" data-phase=${phaseOf(talk)} data-conversation-id=${id}>
    <${ThreadHead} talk=${talk} onChanged=${onChanged} />
    <${TalkPanel} talk=${talk} closed=${closed} below=${html`<${Speaking} />`} placeholder="Talk it over"
      empty=${conversation && html`<${EmptyThread} thread=${conversation} />`} />
  </section>`;
}

/**
 * A thread without a title gets one after the first exchange: what was asked first, cut short.
 * @param {import("../../state/desk.js").Desk} desk
 * @param {import("../../state/talk.js").Talk} talk
 * @param {((thread: import("../../types.js").Conversation) => void) | undefined} onChanged
 */
function useTitle(desk, talk, onChanged) {
  const named = talk.conversation.value?.title;
  const entries = talk.entries.value;
  const first = entries.find(({ message, pending }) => message.role === "user" && !pending);
  const answered = entries.some(({ message }) => message.role === "assistant" && message.status === "complete");
  const wanted =
    talk.conversation.value && !named && first && answered && !talk.hasOlder.value
      ? proposeTitle(first.message.content)
      : "";
  useEffect(() => {
    if (!wanted) return;
    attempt(async () => {
      await changeThread(desk, talk, { title: wanted });
      if (talk.conversation.value) onChanged?.(talk.conversation.value);
    });
  }, [wanted]);
}
