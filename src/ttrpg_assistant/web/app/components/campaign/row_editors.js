import { html } from "../../html.js";
import { Icon, IconButton } from "../icon.js";
import { useFocus } from "../use_focus.js";
import { campaign as t } from "../../words/en/campaign.js";

/**
 * Lists whose entries have several parts. A row is added with one button and removed with another.
 */

/** @template T @param {T[]} rows @param {number} at @param {T} row @returns {T[]} */
const replaced = (rows, at, row) => rows.map((each, index) => (index === at ? row : each));

/** @template T @param {T[]} rows @param {number} at @returns {T[]} */
const without = (rows, at) => rows.filter((_, index) => index !== at);

/**
 * What only the game master knows; `may_hint` lets the one it belongs to allude to it.
 * @param {{ value: { text: string, may_hint: boolean }[], onChange: (value: any) => void }} props
 */
export function SecretsEditor({ value, onChange }) {
  return html`<div class="rows">
    ${value.map(
      (secret, at) => html`<div class="rows__row" key=${at}>
        <textarea class="field field--prose" rows="1" aria-label=${t.secret(at + 1)} value=${secret.text}
          onInput=${(/** @type {any} */ event) => onChange(replaced(value, at, { ...secret, text: event.currentTarget.value }))}></textarea>
        <label class="check check--small"><input type="checkbox" checked=${secret.may_hint}
          onChange=${(/** @type {any} */ event) => onChange(replaced(value, at, { ...secret, may_hint: event.currentTarget.checked }))} /> ${t.mayHintAtIt}</label>
        <${IconButton} icon="x" label=${t.removeSecret(at + 1)} onClick=${() => onChange(without(value, at))} />
      </div>`,
    )}
    <${Add} words=${t.addSecret} onAdd=${() => onChange([...value, { text: "", may_hint: false }])} />
  </div>`;
}

/** @param {{ value: { target: string, relation: string }[], onChange: (value: any) => void }} props */
export function RelationsEditor({ value, onChange }) {
  return html`<div class="rows">
    ${value.map(
      (each, at) => html`<div class="rows__row rows__row--pair" key=${at}>
        <input class="field" type="text" aria-label=${t.connectedToRow(at + 1)} placeholder=${t.connectedTo} value=${each.target}
          onInput=${(/** @type {any} */ event) => onChange(replaced(value, at, { ...each, target: event.currentTarget.value }))} />
        <input class="field" type="text" aria-label=${t.relationshipRow(at + 1)} placeholder=${t.relationship} value=${each.relation}
          onInput=${(/** @type {any} */ event) => onChange(replaced(value, at, { ...each, relation: event.currentTarget.value }))} />
        <${IconButton} icon="x" label=${t.removeConnection(at + 1)} onClick=${() => onChange(without(value, at))} />
      </div>`,
    )}
    <${Add} words=${t.addConnection} onAdd=${() => onChange([...value, { target: "", relation: "" }])} />
  </div>`;
}

/** @param {{ words: string, onAdd: () => void }} props */
export function Add({ words, onAdd }) {
  const focus = useFocus();
  const add = (/** @type {any} */ event) => {
    const rows = event.currentTarget.closest(".rows");
    onAdd();
    // What is added is what is written next.
    focus(() => rows && lastRow(rows));
  };
  return html`<button type="button" class="link-button rows__add" onClick=${add}><${Icon} name="plus" /> ${words}</button>`;
}

/** @param {Element} rows @returns {HTMLElement | null | undefined} */
function lastRow(rows) {
  return [...rows.querySelectorAll(":scope > .rows__row")].at(-1)?.querySelector("textarea, input[type=text]");
}
