import { html } from "../../html.js";

const TRIES = [
  "Who are the NPCs in this campaign?",
  "What happened last time?",
  "Which plot points are still open?",
  "Roll 2d6+3 for the ambush",
];

/** What can be asked at the table. @param {{ name: string }} props */
export function EmptyTable({ name }) {
  return html`<div class="empty">
    <h2 class="empty__title">At the table of ${name}</h2>
    <p>The chat knows this campaign: its people and places, its open plot points, and the notes of this evening.</p>
    <ul class="empty__tries">${TRIES.map((text) => html`<li><button type="button" class="try" onClick=${() => write(text)}>${text}</button></li>`)}</ul>
  </div>`;
}

/** Puts a text into the composer, where it can be changed before it is sent. @param {string} text */
function write(text) {
  const area = document.querySelector(".table__talk .composer__text");
  if (!(area instanceof HTMLTextAreaElement) || area.disabled) return;
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  area.focus();
}
