import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { npc as t } from "../../words/en/npc.js";

/**
 * Below an answer: where it was not in the voice of the NPC.
 * @param {{ entry: import("../../types.js").Entry, rehearsal: import("../../state/talk/rehearsal.js").Rehearsal }} props
 */
export function VoiceHints({ entry, rehearsal }) {
  const hints = rehearsal.check.value.hints.filter((hint) => hint.message_id === entry.id);
  if (hints.length === 0) return null;
  return html`<ul class="voice-hints" aria-label=${t.voiceCheck}>
    ${hints.map(({ sentence, quote }) => html`<li class="voice-hint"><${Icon} name="feather" /> <span>${sentence}${quote && html` <q>${quote}</q>`}</span></li>`)}
  </ul>`;
}

/** How well the voice was kept in the whole rehearsal. @param {{ rehearsal: import("../../state/talk/rehearsal.js").Rehearsal, finished: boolean }} props */
export function VoiceSummary({ rehearsal, finished }) {
  const { answers, hints } = rehearsal.check.value;
  const whole = hints.filter((hint) => hint.message_id === null);
  const single = hints.length - whole.length;
  if (answers === 0) return null;
  return html`<div class="voice-summary" role="status">
    <p><b>${finished ? t.finished : t.soFar}</b> ${t.voiceAnswers(answers)} ${hints.length === 0 ? html`<span class="voice-summary__well"><${Icon} name="check" /> ${t.voiceIsRight}</span>` : t.voiceHints(single, whole.length > 0)}</p>
    ${whole.length > 0 && html`<ul class="voice-hints">${whole.map(({ sentence }) => html`<li class="voice-hint"><${Icon} name="feather" /> <span>${sentence}</span></li>`)}</ul>`}
  </div>`;
}
