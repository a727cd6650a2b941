import { html } from "../html.js";
import { clock } from "../models/evenings.js";
import { shownText } from "../models/shown_reply.js";
import { faultWords } from "../words.js";
import { useDesk } from "../state/desk.js";
import { Icon } from "./icon.js";
import { MessageActions, UnsavedActions } from "./message_actions.js";
import { attempt } from "../state/notices.js";
import { GrowingProse, Prose } from "./reply_body.js";
import { SiblingSwitch } from "./sibling_switch.js";
import { Proposed } from "./suggestions/proposed.js";
import { SignMark } from "./sign_mark.js";

/**
 * One message, from the moment it is sent to the last word of its answer.
 *
 * @typedef {import("../types.js").Entry} Entry
 * @typedef {import("../state/talk.js").Talk} Talk
 *
 * @param {{ entry: Entry, talk: Talk, place: { last: boolean, lastOwn: boolean, voices: import("./timeline.js").Voices },
 *   onEdit?: (entry: Entry) => void }} props
 */
export function Message({ entry, talk, place, onEdit }) {
  const { message, sign } = entry;
  const { role } = message;
  if (role === "system") return html`<div class="message message--system" data-message-id=${entry.id}><${Prose} text=${message.content} /></div>`;
  const moment = new Date(message.created_at);
  const own = role === "user";
  const { voices } = place;
  const speaker = voices.name(message);
  const who = own ? (message.mode === "as" ? `You, to ${speaker}` : "You") : speaker;
  const mark = voices.mark?.(message) ?? null;
  return html`<article class="message message--${role} message--${sign} ${mark?.heardBy ? "message--whisper" : ""}" data-message-id=${entry.id} tabindex="-1"
    data-sign=${sign} data-mode=${message.mode ?? undefined} data-voice=${mark?.letters ? mark.place : undefined}
    aria-label="${who}, ${clock(moment)}${mark?.heardBy ? `, ${mark.heardBy}` : ""}">
    <header class="message__who" aria-hidden="true">
      ${mark?.letters && html`<span class="monogram" data-voice=${mark.place}>${mark.letters}</span>`}
      <span class="message__name">${who}</span>
      <time class="message__time" datetime=${message.created_at}>${clock(moment)}</time>
    </header>
    <div class="message__body">
      ${mark?.heardBy && html`<p class="message__whisper" aria-hidden="true"><${Icon} name="eye-off" /> ${mark.heardBy}</p>`}
      <${Body} entry=${entry} talk=${talk} /></div>
    ${voices.Under && html`<${voices.Under} entry=${entry} />`}
    ${message.suggestions?.length || message.citations?.length || message.notes?.length
      ? html`<${Proposed} message=${message} shared=${talk.id !== null && message.conversation_id !== talk.id} />` : null}
    ${entry.pending && (sign === "not_saved" || sign === "refused")
      ? html`<${UnsavedActions} entry=${entry} onEdit=${onEdit} />`
      : html`<${Trouble} entry=${entry} talk=${talk} last=${place.last} />`}
    <footer class="message__foot">
      ${!entry.pending &&
      html`<${MessageActions} entry=${entry} talk=${talk} onEdit=${onEdit}
        canEdit=${own && place.lastOwn && !talk.readOnly && !talk.streaming.value}
        canRepeat=${!own && place.last && !talk.readOnly && !talk.streaming.value} Deeds=${voices.Deeds} />`}
      ${!talk.readOnly && html`<${SiblingSwitch} entry=${entry} talk=${talk} />`}
      <${Cost} message=${message} />
      ${message.origin === "recovered" && html`<${Recovered} />`}
      <${SignMark} sign=${sign} />
    </footer>
  </article>`;
}

/**
 * Listens for what is being written only where something is: else every line would be drawn anew
 * with each reply that begins or ends.
 * @param {{ entry: Entry, talk: Talk }} props
 */
function Body({ entry, talk }) {
  const { unsaved } = useDesk();
  if (entry.sign === "answering") {
    const replies = [talk.follower.value?.reply, unsaved.reply.value];
    const reply = replies.find((each) => each?.messageId === entry.id);
    if (reply) return html`<${GrowingProse} reply=${reply} />`;
    if (!entry.message.content) return html`<div class="prose prose--waiting"><p>Waiting for its turn…</p></div>`;
  }
  return html`<${Prose} text=${shownText(entry.message)} />`;
}

/** Why an answer is not whole, with the cure as a button. @param {{ entry: Entry, talk: Talk, last: boolean }} props */
function Trouble({ entry, talk, last }) {
  if (entry.message.role !== "assistant") return null;
  if (entry.sign !== "failed" && entry.sign !== "interrupted") return null;
  const said = talk.reasons.value.get(entry.id);
  const plain = faultWords(said?.code ?? entry.message.error_code);
  const detail = said?.detail ?? plain.detail ?? (entry.sign === "failed" ? "There was no answer." : "");
  const canRepeat = last && !talk.readOnly;
  if (!detail && !canRepeat) return null;
  return html`<div class=${`message__trouble ${detail ? "" : "message__trouble--plain"}`}>
    ${detail && html`<p>${detail} ${said?.cure ?? plain.cure ?? ""}</p>`}
    ${canRepeat &&
    html`<div class="button-row"><button type="button" class="button button--small"
      onClick=${() => attempt(() => talk.regenerate(entry.id))}>Ask again</button></div>`}
  </div>`;
}

/** Said while nothing could be saved, and saved afterwards. */
function Recovered() {
  return html`<span class="message__recovered" title="Said while nothing could be saved, and saved afterwards">
    <${Icon} name="history" />Recovered</span>`;
}

/** Tokens, and the model when it is not the one chosen now. @param {{ message: import("../types.js").Message }} props */
function Cost({ message }) {
  const { models } = useDesk();
  if (message.role !== "assistant") return null;
  const parts = [];
  if (message.model && message.model !== models.current.value) parts.push(modelName(message.model));
  if (message.tokens_in != null || message.tokens_out != null) {
    parts.push(`${message.tokens_in ?? "–"} → ${message.tokens_out ?? "–"} tokens`);
  }
  if (parts.length === 0) return null;
  return html`<span class="message__cost">${parts.join(" · ")}</span>`;
}

/** @param {string} choice */
function modelName(choice) {
  return choice.split(":")[0] === "offline" ? "built-in model" : choice.replace(/^[^:]+:/, "");
}
