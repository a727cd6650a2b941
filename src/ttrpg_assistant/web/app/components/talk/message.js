import { html } from "../../html.js";
import { messageCost } from "../../models/amounts.js";
import { clock } from "../../models/play_days.js";
import { modelName } from "../../models/model_list.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { MessageActions, UnsavedActions } from "./message_actions.js";
import { Portrait } from "../pictures/portrait.js";
import { GrowingProse, MessageProse, Prose } from "../reply_body.js";
import { SaidAtTable } from "./said_at_table.js";
import { SiblingSwitch } from "./sibling_switch.js";
import { Proposed } from "../suggestions/proposed.js";
import { SignMark } from "./sign_mark.js";
import { Thinking } from "./thinking.js";
import { Trouble } from "./trouble.js";
import { messages } from "../../words/en/messages.js";
import { controls } from "../../words/en/controls.js";

/**
 * One message, from the moment it is sent to the last word of its answer.
 *
 * @typedef {import("../../types.js").Entry} Entry
 * @typedef {import("../../state/talk/talk.js").Talk} Talk
 *
 * Who speaks in a conversation, and what stands between two modes of talk and around a message.
 * @typedef {object} Voices
 * @property {(message: import("../../types.js").Message) => string} name who answers with it, or to whom it is said
 * @property {{ about: string, as: string }} [modes]
 * @property {(message: import("../../types.js").Message) => Mark | null} [mark]
 * @property {(props: { entry: Entry }) => any} [Under] a component under each message
 * @property {(props: { entry: Entry }) => any} [Actions] one among its buttons
 *
 * What tells one of several speakers from the others, and who alone hears it.
 * @typedef {{ place: number, letters: string, heardBy: string, portrait?: { campaignId: string, thingId: string } }} Mark
 *
 * @param {{ entry: Entry, talk: Talk, place: { last: boolean, leftOut: boolean, voices: Voices },
 *   onEdit?: (entry: Entry) => void }} props
 */
export function Message({ entry, talk, place, onEdit }) {
  const { message, sign } = entry;
  const { role } = message;
  if (role === "system")
    return html`<div class="message message--system" data-message-id=${entry.id}><${Prose} text=${message.content} /></div>`;
  const moment = new Date(message.created_at);
  const own = role === "user";
  const { voices } = place;
  const speaker = voices.name(message);
  const who = own ? (message.mode === "as" ? messages.youTo(speaker) : controls.you) : speaker;
  const mark = voices.mark?.(message) ?? null;
  return html`<article class="message message--${role} message--${sign} ${mark?.heardBy ? "message--whisper" : ""}" data-message-id=${entry.id} tabindex="-1"
    data-sign=${sign} data-mode=${message.mode ?? undefined} data-voice=${mark?.letters ? mark.place : undefined}
    aria-label="${who}, ${clock(moment)}${mark?.heardBy ? `, ${mark.heardBy}` : ""}">
    <header class="message__who" aria-hidden="true">
      <${Seal} mark=${mark} name=${speaker} />
      <span class="message__name">${who}</span>
      <time class="message__time" datetime=${message.created_at}>${clock(moment)}</time>
    </header>
    ${!own && html`<${Thought} entry=${entry} talk=${talk} />`}
    <div class="message__body">
      ${mark?.heardBy && html`<p class="message__whisper" aria-hidden="true"><${Icon} name="eye-off" /> ${mark.heardBy}</p>`}
      <${Body} entry=${entry} talk=${talk} /></div>
    ${own && !entry.pending && talk.kind === "chat" && html`<${SaidAtTable} message=${message} talk=${talk} />`}
    ${voices.Under && html`<${voices.Under} entry=${entry} />`}
    ${
      message.suggestions?.length || message.citations?.length || message.notes?.length
        ? html`<${Proposed} message=${message} shared=${talk.id !== null && message.conversation_id !== talk.id} />`
        : null
    }
    ${
      entry.pending && (sign === "not_saved" || sign === "refused")
        ? html`<${UnsavedActions} entry=${entry} onEdit=${onEdit} />`
        : html`<${Trouble} entry=${entry} talk=${talk} last=${place.last} onEdit=${onEdit} />`
    }
    <footer class="message__foot">
      ${
        !entry.pending &&
        html`<${MessageActions} entry=${entry} talk=${talk} onEdit=${onEdit}
        canEdit=${own && !talk.readOnly}
        canRepeat=${!own && place.last && !talk.readOnly && !talk.streaming.value} Actions=${voices.Actions} />`
      }
      ${!talk.readOnly && html`<${SiblingSwitch} entry=${entry} talk=${talk} />`}
      <${Cost} message=${message} />
      ${message.origin === "recovered" && html`<${Recovered} />`}
      ${place.leftOut && html`<span class="message__left-out" title=${messages.leftOutWhy}><${Icon} name="ban" />${messages.leftOut}</span>`}
      <${SignMark} sign=${sign} />
    </footer>
  </article>`;
}

/** Who speaks, as a picture or as letters. @param {{ mark: Mark | null, name: string }} props */
function Seal({ mark, name }) {
  if (mark?.portrait)
    return html`<${Portrait} ...${mark.portrait} name=${name} place=${mark.letters ? mark.place : undefined} />`;
  return mark?.letters ? html`<span class="monogram" data-voice=${mark.place}>${mark.letters}</span>` : null;
}

/**
 * Whoever brings this answer: the stream of a stored one, or of one that cannot be stored yet.
 * @param {Entry} entry @param {Talk} talk @param {import("../../state/saving/unsaved.js").UnsavedTalk} unsaved
 */
function writingOf({ id }, talk, unsaved) {
  return [talk.follower.value, unsaved.writing.value].find((each) => each?.messageId === id) ?? null;
}

/** @param {{ entry: Entry, talk: Talk }} props */
function Thought({ entry, talk }) {
  const { unsaved } = useApp();
  const writing = entry.sign === "answering" ? writingOf(entry, talk, unsaved) : null;
  return html`<${Thinking} entry=${entry} progress=${writing?.progress ?? null} />`;
}

/**
 * Listens for what is being written only where something is: else every line would be drawn anew
 * with each reply that begins or ends.
 * @param {{ entry: Entry, talk: Talk }} props
 */
function Body({ entry, talk }) {
  const { unsaved } = useApp();
  if (entry.sign === "answering") {
    const writing = writingOf(entry, talk, unsaved);
    if (writing)
      return html`<${GrowingProse} reply=${writing.reply} progress=${writing.progress} onStop=${() => talk.stop()} />`;
    if (!entry.message.content) return html`<div class="prose prose--waiting"><p>${messages.waitingForTurn}</p></div>`;
  }
  return html`<${MessageProse} message=${entry.message} />`;
}

/** Said while nothing could be saved, and saved afterwards. */
function Recovered() {
  return html`<span class="message__recovered" title=${messages.recoveredWhy}>
    <${Icon} name="history" />${messages.recovered}</span>`;
}

/** What it took, and the model when it is not the one chosen now. @param {{ message: import("../../types.js").Message }} props */
function Cost({ message }) {
  const { models } = useApp();
  if (message.role !== "assistant") return null;
  const parts = messageCost(message);
  if (message.model && message.model !== models.current.value) parts.unshift(modelName(message.model));
  if (parts.length === 0) return null;
  return html`<span class="message__cost">${parts.join(" · ")}</span>`;
}
