import { html } from "../../html.js";
import { Icon } from "../icon.js";

/**
 * Where an answer lost the voice, quietly, under it.
 * @param {{ entry: import("../../types.js").Entry, rehearsal: import("../../state/rehearsal.js").Rehearsal }} props
 */
export function VoiceHints({ entry, rehearsal }) {
  const hints = rehearsal.check.value.hints.filter((hint) => hint.message_id === entry.id);
  if (hints.length === 0) return null;
  return html`<ul class="voice-hints" aria-label="On its voice">
    ${hints.map(({ sentence, quote }) => html`<li class="voice-hint"><${Icon} name="feather" /> <span>${sentence}${quote && html` <q>${quote}</q>`}</span></li>`)}
  </ul>`;
}

/** How the voice held over the whole rehearsal. @param {{ rehearsal: import("../../state/rehearsal.js").Rehearsal, finished: boolean }} props */
export function VoiceSummary({ rehearsal, finished }) {
  const { answers, hints } = rehearsal.check.value;
  const whole = hints.filter((hint) => hint.message_id === null);
  const single = hints.length - whole.length;
  if (answers === 0) return null;
  const count = answers === 1 ? "1 answer" : `${answers} answers`;
  const words =
    hints.length === 0
      ? "the voice holds"
      : [
          single > 0 && (single === 1 ? "1 hint above" : `${single} hints above`),
          whole.length > 0 && "one thing over all",
        ]
          .filter(Boolean)
          .join(", ");
  return html`<div class="voice-summary" role="status">
    <p><b>${finished ? "Finished" : "So far"}:</b> ${count}, ${hints.length === 0 ? html`<span class="voice-summary__well"><${Icon} name="check" /> ${words}</span>` : words}.</p>
    ${whole.length > 0 && html`<ul class="voice-hints">${whole.map(({ sentence }) => html`<li class="voice-hint"><${Icon} name="feather" /> <span>${sentence}</span></li>`)}</ul>`}
  </div>`;
}
