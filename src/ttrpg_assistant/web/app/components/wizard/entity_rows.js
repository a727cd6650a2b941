import { html } from "../../html.js";
import { IconButton } from "../icon.js";
import { Add } from "../campaign/row_editors.js";
import { wizard as t } from "../../words/en/wizard.js";
import { controls } from "../../words/en/controls.js";

/**
 * The first NPCs, locations and plot points: a name and a line each; the rest is for later.
 * @param {{ field: import("../../models/wizard_steps.js").EntityField, value: Record<string, any>[], onChange: (value: any[]) => void }} props
 */
export function EntityRows({ field, value, onChange }) {
  const put = (/** @type {number} */ at, /** @type {Record<string, any>} */ change) =>
    onChange(value.map((each, index) => (index === at ? { ...each, ...change } : each)));
  const box = (/** @type {number} */ at, /** @type {string} */ name, /** @type {string} */ label) =>
    html`<input class="field" type="text" aria-label=${t.boxOf(label, field.label, at + 1)} placeholder=${label} value=${value[at][name] ?? ""}
      onInput=${(/** @type {any} */ event) => put(at, { [name]: event.currentTarget.value })} />`;
  return html`<fieldset class="field-group"><legend>${field.label}</legend><div class="rows">
    ${value.map(
      (_, at) => html`<div class="rows__row rows__row--pair" key=${at}>
      ${box(at, field.naming, controls.name)}${box(at, field.telling, field.tellingLabel)}
      <${IconButton} icon="x" label=${t.remove(field.label, at + 1)} onClick=${() => onChange(value.filter((__, index) => index !== at))} />
    </div>`,
    )}
    <${Add} words=${t.add} onAdd=${() => onChange([...value, { [field.naming]: "", [field.telling]: "" }])} />
  </div></fieldset>`;
}
