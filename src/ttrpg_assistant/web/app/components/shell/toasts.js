import { html } from "../../html.js";
import { announcement, attempt, dismiss, toasts } from "../../state/notices.js";
import { IconButton } from "../icon.js";
import { controls } from "../../words/en/controls.js";

/** Short notices at the foot of the page. */
export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(
      ({ id, text, action }) => html`<div class="toast" key=${id}>
        <span>${text}</span>
        ${
          action &&
          html`<button type="button" class="link-button" onClick=${() => {
            dismiss(id);
            attempt(async () => action.run());
          }}>${action.label}</button>`
        }
        <${IconButton} icon="x" label=${controls.dismiss} onClick=${() => dismiss(id)} />
      </div>`,
    )}
  </div>`;
}

/** What only a screen reader hears. */
export function Announcer() {
  return html`<p class="sr-only" role="status" aria-live="polite">${announcement.value}</p>`;
}
