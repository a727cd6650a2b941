import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { keyOf } from "../../keys.js";
import { npc as t } from "../../words/en/npc.js";

/**
 * About the NPC, or as the NPC.
 * @param {{ mode: "about" | "as", name: string, left: number, onMode: (mode: "about" | "as") => void }} props
 *   `left`: seconds until the chosen voice may be used
 */
export function ModeToggle({ mode, name, left, onMode }) {
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(keyOf(event))) return;
    event.preventDefault();
    onMode(mode === "as" ? "about" : "as");
    /** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("button")[mode === "as" ? 0 : 1].focus();
  };
  const one = (/** @type {"about" | "as"} */ value, /** @type {string} */ icon, /** @type {string} */ words) =>
    html`<button type="button" role="radio" class="modes__one modes__one--${value}" aria-checked=${mode === value ? "true" : "false"}
      tabindex=${mode === value ? 0 : -1} onClick=${() => onMode(value)}><${Icon} name=${icon} /> ${words}
      ${mode === value && left > 0 && html`<span class="cooldown" aria-hidden="true">${t.secondsLeft(left)}</span>`}</button>`;
  return html`<div class="modes" role="radiogroup" aria-label=${t.howToTalk(name)} onKeyDown=${key}>
    ${one("about", "book-open", t.aboutNpc)}${one("as", "theater", t.asNpc)}
  </div>`;
}
