import { html } from "../../html.js";
import { copyText } from "../../clipboard.js";
import { shownText } from "../../models/shown_reply.js";
import { attempt, toast } from "../../state/notices.js";
import { branchFrom } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { askedManifest } from "../../state/talk/asked_manifest.js";
import { IconButton } from "../icon.js";
import { controls } from "../../words/en/controls.js";
import { messages } from "../../words/en/messages.js";

/**
 * What can be done with a message, in the same order everywhere: copy, edit, ask again, branch.
 *
 * @param {{ entry: import("../../types.js").Entry, talk: import("../../state/talk/talk.js").Talk,
 *   canEdit: boolean, canRepeat: boolean, onEdit?: (entry: import("../../types.js").Entry) => void,
 *   Actions?: (props: { entry: import("../../types.js").Entry }) => any }} props
 */
export function MessageActions({ entry, talk, canEdit, canRepeat, onEdit, Actions }) {
  const app = useApp();
  return html`<div class="message__actions">
    ${
      !(entry.message.status === "streaming" && entry.message.content === "") &&
      html`<${IconButton} icon="copy" label=${controls.copy} onClick=${() => copy(shownText(entry.message))} />`
    }
    ${canEdit && html`<${IconButton} icon="pencil" label=${controls.edit} onClick=${() => onEdit?.(entry)} />`}
    ${
      canRepeat &&
      html`<${IconButton} icon="refresh-cw" label=${messages.answerAgain}
      onClick=${() => attempt(() => talk.regenerate(entry.id))} />`
    }
    ${
      talk.kind === "thread" &&
      entry.message.status !== "streaming" &&
      html`<${IconButton} icon="message-square-plus" label=${messages.branch}
      onClick=${() => attempt(() => branchFrom(app, talk, entry.id))} />`
    }
    ${Actions && html`<${Actions} entry=${entry} />`}
    ${
      entry.message.role === "assistant" &&
      entry.message.status !== "streaming" &&
      html`<${IconButton} icon="circle-help" label=${messages.whatItRead} onClick=${() => (askedManifest.value = entry.id)} />`
    }
  </div>`;
}

/**
 * What can be done with a message that could not be delivered: always in sight.
 *
 * @param {{ entry: import("../../types.js").Entry, onEdit?: (entry: import("../../types.js").Entry) => void }} props
 *   without `onEdit` there is no composer to write it anew in
 */
export function UnsavedActions({ entry, onEdit }) {
  const { outbox } = useApp();
  const fault = entry.pending?.fault;
  return html`<div class="message__trouble" role="group" aria-label=${messages.notSaved}>
    <p>${fault?.detail ?? messages.notSavedYet} ${fault?.cure ?? ""}</p>
    <div class="button-row">
      <button type="button" class="button button--small" onClick=${() => outbox?.retry(entry.id)}>${controls.retry}</button>
      ${onEdit && html`<button type="button" class="button button--small" onClick=${() => onEdit(entry)}>${controls.edit}</button>`}
      <button type="button" class="button button--small" onClick=${() => copy(entry.message.content)}>${controls.copy}</button>
      <button type="button" class="button button--small button--danger" onClick=${() => discard(outbox, entry)}>${controls.discard}</button>
    </div>
  </div>`;
}

/** @param {string} text */
async function copy(text) {
  toast((await copyText(text)) ? controls.copied : controls.notCopied);
}

/** @param {import("../../outbox.js").Outbox | null} outbox @param {import("../../types.js").Entry} entry */
async function discard(outbox, entry) {
  const { pending } = entry;
  await outbox?.discard(entry.id);
  if (!pending) return;
  toast(messages.discarded, {
    label: controls.undo,
    run: () => outbox?.accept({ ...pending, state: "waiting", attempts: 0, fault: null }),
  });
}
