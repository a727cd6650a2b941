import { useState } from "preact/hooks";
import { html } from "../html.js";
import { keyOf } from "../keys.js";
import { controls } from "../words/en/controls.js";

/**
 * A title, written anew in place. Escape leaves it as it was.
 * @param {{ title: string, label?: string, onName: (title: string) => void, onCancel: () => void }} props
 */
export function Naming({ title, label = controls.title, onName, onCancel }) {
  const [text, setText] = useState(title);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.trim()) onName(text.trim());
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };
  return html`<form class="field-row naming" onSubmit=${submit}>
    <input class="field thread-name" aria-label=${label} maxlength="200" value=${text}
      ref=${(/** @type {any} */ box) => box && !box.dataset.seen && (((box.dataset.seen = "1"), box.focus(), box.select()))}
      onKeyDown=${key} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
    <button type="submit" class="button button--small button--accent" disabled=${!text.trim()}>${controls.rename}</button>
    <button type="button" class="button button--small" onClick=${onCancel}>${controls.cancel}</button>
  </form>`;
}
