import { signal } from "@preact/signals";
import { html } from "../../html.js";
import { listKeys } from "../../keys.js";
import { Dialog } from "../dialog.js";
import { shell } from "../../words/en/shell.js";

export const keysOpen = signal(false);

/** What the keyboard can do. */
export function KeysDialog() {
  if (!keysOpen.value) return null;
  return html`<${Dialog} title=${shell.keys} onClose=${() => (keysOpen.value = false)}>
    <dl class="keys">
      ${listKeys().map(
        ({ keys, what }) => html`<div class="keys__row">
          <dt>${keys.split(" ").map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${what}</dd></div>`,
      )}
    </dl>
  </${Dialog}>`;
}
