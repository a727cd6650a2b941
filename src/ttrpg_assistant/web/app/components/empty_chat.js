import { html } from "../html.js";
import { useApp } from "../state/app.js";
import { modelChooserOpen } from "../state/model_chooser.js";

const TRIES = [
  "Roll 2d6+3 for the ambush",
  "Give me three names for a smuggler",
  "What did we say about the harbour?",
  "Yes or no: do the guards believe them?",
];

/** Shown while nothing has been said: examples of what can be asked. */
export function EmptyChat() {
  const { models } = useApp();
  return html`<div class="empty">
    <h2 class="empty__title">An empty page, and all evening</h2>
    <p>Ask, plan, or describe what happens at the table. Every word is kept as soon as you send it.</p>
    <ul class="empty__tries">
      ${TRIES.map((text) => html`<li><button type="button" class="try" onClick=${() => write(text)}>${text}</button></li>`)}
    </ul>
    ${
      models.offline.value &&
      html`<p class="quiet">The built-in model needs no network and no key. For freer answers, ${" "}
      <button type="button" class="link-button" onClick=${() => (modelChooserOpen.value = true)}>choose a larger model</button>.</p>`
    }
  </div>`;
}

/** Puts a text into the composer, where it can be changed before it is sent. @param {string} text */
function write(text) {
  const area = document.querySelector(".composer__text");
  if (!(area instanceof HTMLTextAreaElement) || area.disabled) return;
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  area.focus();
}
