import { html } from "../../html.js";
import { start as words } from "../../words/en/start.js";
import { writeInto } from "../talk/write_into.js";

/** The first page of talk with an NPC. @param {{ name: string, mode: "about" | "as" }} props */
export function EmptyNpcTalk({ name, mode }) {
  const speaking = mode === "as";
  const tries = speaking ? words.speakTries : words.aboutTries(name);
  return html`<div class="empty">
    <h3 class="empty__title">${speaking ? words.speakWith(name) : words.about(name)}</h3>
    <p>${speaking ? words.speakWords(name) : words.aboutWords(name)}</p>
    <ul class="empty__tries">
      ${tries.map(
        (text) => html`<li><button type="button" class="try"
        onClick=${(/** @type {Event} */ event) => writeInto(event.currentTarget, text)}>${text}</button></li>`,
      )}
    </ul>
  </div>`;
}
