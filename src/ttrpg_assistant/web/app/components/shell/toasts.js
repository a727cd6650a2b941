import { useEffect } from "preact/hooks";
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
    ${shown.map((each) => html`<${Toast} key=${each.id} toast=${each} />`)}
  </div>`;
}

/** @param {{ toast: import("../../state/notices.js").Toast }} props */
function Toast({ toast: { id, text, action } }) {
  // What is taken from the page (a dialog opens over it) sees nobody leave.
  useEffect(
    () => () => {
      letGo(id, "pointer");
      letGo(id, "focus");
    },
    [id],
  );
  return html`<div class="toast" onPointerEnter=${() => hold(id, "pointer")}
    onPointerLeave=${() => letGo(id, "pointer")} onFocusIn=${() => hold(id, "focus")}
    onFocusOut=${() => letGo(id, "focus")}>
    <span>${text}</span>
    ${
      action &&
      html`<button type="button" class="link-button" onClick=${() => {
        dismiss(id);
        attempt(async () => action.run());
      }}>${action.label}</button>`
    }
    <${IconButton} icon="x" label=${controls.dismiss} onClick=${() => dismiss(id)} />
  </div>`;
}

/** What only a screen reader hears. */
export function Announcer() {
  return html`<p class="sr-only" role="status" aria-live="polite">${announcement.value}</p>`;
}
