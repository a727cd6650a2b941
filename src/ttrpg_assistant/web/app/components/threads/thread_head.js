import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { purposeOf, threadTitle } from "../../models/purposes.js";
import { changeThread, setArchived } from "../../state/conversation_deeds.js";
import { useDesk } from "../../state/desk.js";
import { attempt, toast } from "../../state/notices.js";
import { ChatMenu } from "../chat_menu.js";
import { IconButton } from "../icon.js";
import { ThreadVoice } from "../voices/thread_voice.js";
import { keyOf } from "../../keys.js";

/**
 * What a thread is called and for.
 * @param {{ talk: import("../../state/talk.js").Talk, onChanged?: (thread: import("../../types.js").Conversation) => void }} props
 */
export function ThreadHead({ talk, onChanged }) {
  const desk = useDesk();
  const [naming, setNaming] = useState(false);
  const thread = talk.conversation.value;
  if (!thread) return html`<header class="talk__head"></header>`;
  const told = () => talk.conversation.value && onChanged?.(talk.conversation.value);
  const rename = (/** @type {string} */ title) =>
    attempt(async () => {
      setNaming(false);
      if (!title.trim() || title.trim() === thread.title) return;
      await changeThread(desk, talk, { title: title.trim() });
      told();
    });
  const archive = (/** @type {boolean} */ archived) =>
    attempt(async () => {
      await setArchived(desk, thread.id, archived);
      told();
      if (archived) toast("The thread is archived.", { label: "Undo", run: () => archive(false) });
    });
  return html`<header class="talk__head">
    ${
      naming
        ? html`<${Naming} title=${threadTitle(thread)} onName=${rename} onCancel=${() => setNaming(false)} />`
        : html`<h2 class="talk__title">${threadTitle(thread)}</h2>
        ${thread.title && html`<span class="talk__since">${purposeOf(thread.purpose).name}</span>`}
        <div class="talk__tools">
          ${!thread.archived_at && html`<${ThreadVoice} talk=${talk} onChanged=${told} />`}
          <${IconButton} icon="pencil" label="Rename this thread" onClick=${() => setNaming(true)} />
          ${!thread.archived_at && html`<${IconButton} icon="archive" label="Archive this thread" onClick=${() => archive(true)} />`}
          <${ChatMenu} talk=${talk} />
        </div>`
    }
  </header>`;
}

/** @param {{ title: string, onName: (title: string) => void, onCancel: () => void }} props */
function Naming({ title, onName, onCancel }) {
  const [text, setText] = useState(title);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    onName(text);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) !== "Escape") return;
    event.stopPropagation();
    onCancel();
  };
  return html`<form class="field-row thread-naming" onSubmit=${submit}>
    <input class="field thread-name" aria-label="Title" maxlength="200" autofocus value=${text} ref=${(/** @type {any} */ box) => box && !box.dataset.seen && (((box.dataset.seen = "1"), box.select()))}
      onKeyDown=${key} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
    <button type="submit" class="button button--small button--accent">Rename</button>
    <button type="button" class="button button--small" onClick=${onCancel}>Cancel</button>
  </form>`;
}
