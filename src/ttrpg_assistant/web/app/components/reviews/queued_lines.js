import { html } from "../../html.js";
import { aroundQuote } from "../../models/reviews.js";
import { readingNotes } from "../../words/en/reading_notes.js";
import { reviews as t } from "../../words/en/reviews.js";

/**
 * The lines a suggestion comes from: the first one's words at once, all of them when they are opened.
 * @param {{ lines: import("../../models/reviews.js").QueuedLine[], text: "transcript" | "notes" }} props
 */
export function QueuedLines({ lines, text }) {
  if (lines.length === 0) return null;
  return html`<details class="lines">
    <summary><span class="lines__count">${t.from(lines.length)}</span> <q class="lines__first">${lines[0].quote}</q></summary>
    <ol>${lines.map((line) => {
      const [before, quote, after] = aroundQuote(line);
      return html`<li key=${`${line.message_id}${line.quote}`}>
        ${line.speaker && html`<b>${line.speaker}: </b>`}${before}<mark>${quote}</mark>${after}
        ${
          line.seq === null
            ? html` <span class="quiet">${t.gone}</span>`
            : html` <a class="lines__open" href=${`/things/message/${line.message_id}`}>${text === "notes" ? readingNotes.openLine : t.openLine}</a>`
        }</li>`;
    })}</ol>
  </details>`;
}
