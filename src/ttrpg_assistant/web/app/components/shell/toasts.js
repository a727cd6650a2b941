import { html } from "../../html.js";
import { announcement, attempt, dialogs, dismiss, hold, letGo, toasts } from "../../state/notices.js";
import { IconButton } from "../icon.js";
import { controls } from "../../words/en/controls.js";

/**
 * Short notices at the foot of the page. While a dialog is open, those that have a button are at its
 * foot instead, where the button can be pressed.
 * @param {{ inDialog?: boolean }} props
 */
export function Toasts({ inDialog = false }) {
  const isOpen = dialogs.value.length > 0;
  const shown = toasts.value.filter(({ action }) => inDialog === (isOpen && action !== undefined));
  if (inDialog && shown.length === 0) return null;
  return html`<div class="toasts" role="status" aria-live="polite">
    ${shown.map(
      ({
        id,
        text,
        action,
      }) => html`<div class="toast" key=${id} onPointerEnter=${() => hold(id)} onPointerLeave=${() => letGo(id)}
        onFocusIn=${() => hold(id)} onFocusOut=${() => letGo(id)}>
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
