import { html } from "../../html.js";
import { writeInto } from "../write_into.js";

/** @type {Record<"about" | "as", (name: string) => string[]>} */
const TRIES = {
  about: (name) => [
    `What does ${name} want tonight?`,
    `Who does ${name} owe?`,
    `Give ${name} a habit the players will remember`,
  ],
  as: () => ["Good evening. What brings you here?", "What have you heard lately?", "Who can I trust in this place?"],
};

/** The first page of talk with an NPC. @param {{ name: string, mode: "about" | "as" }} props */
export function EmptyNpcTalk({ name, mode }) {
  const words =
    mode === "as"
      ? `What you say now, you say to ${name}, who answers in their own voice and knows only what they know.`
      : `Talk ${name} over: the whole sheet is on the table, secrets too.`;
  return html`<div class="empty">
    <h3 class="empty__title">${mode === "as" ? `Speak with ${name}` : `About ${name}`}</h3>
    <p>${words}</p>
    <ul class="empty__tries">
      ${TRIES[mode](name).map(
        (text) => html`<li><button type="button" class="try"
        onClick=${(/** @type {Event} */ event) => writeInto(event.currentTarget, text)}>${text}</button></li>`,
      )}
    </ul>
  </div>`;
}
