import { useLayoutEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { html } from "../html.js";
import { IconButton } from "./icon.js";
import { Toasts } from "./shell/toasts.js";
import { dialogs } from "../state/notices.js";
import { useOwnId } from "./use_own_id.js";
import { controls } from "../words/en/controls.js";

/**
 * A dialog, or a sheet at the side of the page: the browser's own, so that focus, Escape and the
 * rest of the page behave.
 *
 * @param {{ title: string, onClose: () => void, children: any, kind?: "dialog" | "wide" | "sheet" | "palette",
 *   plain?: boolean }} props `plain` leaves out the heading
 */
export function Dialog({ title, onClose, children, kind = "dialog", plain = false }) {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const gone = useRef(false);
  const id = useOwnId();
  // In the moment of its drawing and of its going: a moment later somebody may have gone on, and the
  // focus would be taken from where they are.
  useLayoutEffect(() => {
    const dialog = /** @type {HTMLDialogElement} */ (element.current);
    const before = document.activeElement;
    dialog.showModal();
    dialogs.value = [...dialogs.peek(), id];
    return () => {
      dialogs.value = dialogs.peek().filter((each) => each !== id);
      gone.current = true;
      // Closed by the browser itself, it gave the focus back then: somebody may have gone on since.
      if (!dialog.open) return;
      dialog.close();
      const isLost = document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  // A dialog that gives way to another has not been closed by anybody.
  const closed = () => !gone.current && onClose();
  // Escape is heard at once: its close event comes later, when the same thing may be open again.
  const cancelled = (/** @type {Event} */ event) => {
    if (event.target !== element.current) return;
    event.preventDefault();
    onClose();
  };
  const outside = (/** @type {MouseEvent} */ event) => event.target === element.current && onClose();
  return html`<dialog ref=${element} class="dialog dialog--${kind}" aria-label=${title} onCancel=${cancelled}
    onClose=${closed} onClick=${outside}>
    <div class="dialog__inside">
      ${
        !plain &&
        html`<header class="dialog__head"><h2>${title}</h2>
        <${IconButton} icon="x" label=${controls.close} onClick=${onClose} /></header>`
      }
      ${children}
    </div>
    ${dialogs.value.at(-1) === id && html`<${Toasts} inDialog />`}
  </dialog>`;
}

/** @typedef {{ title: string, text: string, yes: string, no?: string, run: () => unknown }} Question */

const question = signal(/** @type {Question | null} */ (null));

/** Asks before something that is not easily taken back. @param {Question} asked */
export function ask(asked) {
  question.value = asked;
}

/** Where questions appear. */
export function Questions() {
  const asked = question.value;
  if (!asked) return null;
  const close = () => (question.value = null);
  const run = () => {
    close();
    asked.run();
  };
  return html`<${Dialog} title=${asked.title} onClose=${close}>
    <p class="dialog__text">${asked.text}</p>
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${close}>${asked.no ?? controls.cancel}</button>
      <button type="button" class="button button--accent" onClick=${run}>${asked.yes}</button>
    </div>
  </${Dialog}>`;
}
