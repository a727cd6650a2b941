import { html } from "../../html.js";
import { purposeOf, threadTitle } from "../../models/purposes.js";
import { setArchived } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { naming } from "../../state/conversations/naming.js";
import { attempt, toast } from "../../state/notices.js";
import { ChatMenu } from "../talk/chat_menu.js";
import { IconButton } from "../icon.js";
import { useTalkNaming } from "../talk/talk_naming.js";
import { ThreadVoice } from "../voices/thread_voice.js";
import { readingNotes } from "../../words/en/reading_notes.js";
import { threads as t } from "../../words/en/threads.js";
import { controls } from "../../words/en/controls.js";

/**
 * What a thread is called and for.
 * @param {{ talk: import("../../state/talk/talk.js").Talk, onChanged?: (thread: import("../../types.js").Conversation) => void }} props
 */
export function ThreadHead({ talk, onChanged }) {
  const app = useApp();
  const thread = talk.conversation.value;
  const form = useTalkNaming(talk, thread ? threadTitle(thread) : "", onChanged);
  if (!thread) return html`<header class="talk__head"></header>`;
  const changed = () => talk.conversation.value && onChanged?.(talk.conversation.value);
  const archive = (/** @type {boolean} */ archived) =>
    attempt(async () => {
      await setArchived(app, thread.id, archived);
      changed();
      if (archived) toast(t.archived, { label: controls.undo, run: () => archive(false) });
    });
  return html`<header class="talk__head">
    ${
      form ??
      html`<h2 class="talk__title">${threadTitle(thread)}</h2>
        ${thread.title && html`<span class="talk__since">${thread.purpose === "notes" ? readingNotes.over : purposeOf(thread.purpose).heading}</span>`}
        <div class="talk__tools">
          ${!talk.readOnly && html`<${ThreadVoice} talk=${talk} onChanged=${changed} />`}
          <${IconButton} icon="pencil" label=${t.rename} onClick=${() => (naming.value = thread.id)} />
          ${!thread.archived_at && html`<${IconButton} icon="archive" label=${t.archiveThread} onClick=${() => archive(true)} />`}
          <${ChatMenu} talk=${talk} />
        </div>`
    }
  </header>`;
}
