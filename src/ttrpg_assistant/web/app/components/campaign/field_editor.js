import { useOwnId } from "../use_own_id.js";
import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { PairsEditor } from "./pairs_editor.js";
import { RelationsEditor, SecretsEditor } from "./row_editors.js";
import { RelatedEditor } from "./related_editor.js";
import { campaign as t } from "../../words/en/campaign.js";

/**
 * One field of a form. What it shows is held by the form, so that nothing typed is in one place only.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {{ things: [string, string, string][], names?: Record<string, string>, isWhole?: boolean }} Choices
 *   what fields may refer to: kind, id and name; `names`: with what is archived;
 *   `isWhole`: there is nothing besides
 * @typedef {import("../../models/pair_rows.js").Typed} Typed
 *
 * @param {{ field: Field, value: any, onChange: (value: any, typed?: Typed) => void, choices: Choices, focus?: boolean, typed?: Typed }} props
 *   `typed`: what was written into it and cannot be stored yet
 */
export function FieldEditor({ field, value, onChange, choices, focus, typed: unready }) {
  const id = useOwnId();
  const hint = field.hint ? `${id}-hint` : undefined;
  const box = { id, "aria-describedby": hint, autofocus: focus, "data-field": field.name };
  const typed = (/** @type {any} */ event) => onChange(event.currentTarget.value);
  const label = html`<label for=${id}>${field.gmOnly && html`<${Icon} name="eye-off" />`} ${field.label}${field.gmOnly && html`<span class="sr-only"> ${t.gmOnlyAfterLabel}</span>`}</label>
    ${field.hint && html`<p class="field-hint" id=${hint}>${field.hint}</p>`}`;
  const group = field.gmOnly ? "field-group field-group--secret" : "field-group";

  switch (field.as) {
    case "prose":
      return html`<div class=${group}>${label}
        <textarea ...${box} class="field field--prose" rows="2" value=${value ?? ""} onInput=${typed}></textarea></div>`;
    case "names":
    case "lines":
      return html`<div class=${group}>${label}
        <textarea ...${box} class="field field--prose" rows="2" placeholder=${t.onePerLine} value=${linesText(value)}
          onInput=${(/** @type {any} */ event) => onChange(event.currentTarget.value.split("\n"))}></textarea></div>`;
    case "choice":
      return html`<div class=${group}>${label}
        <select ...${box} class="field" onChange=${typed}>
          ${field.options?.map(([option, words]) => html`<option value=${option} selected=${option === value}>${words}</option>`)}
        </select></div>`;
    case "reference":
      return html`<div class=${group}>${label}
        <select ...${box} class="field" onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value || null)}>
          <option value="" selected=${!value}>${t.none}</option>
          ${choices.things.filter(([kind]) => kind === field.pointsTo).map(([, each, name]) => html`<option value=${each} selected=${each === value}>${name}</option>`)}
        </select></div>`;
    case "flag":
      return html`<label class="check"><input type="checkbox" data-field=${field.name} checked=${Boolean(value)}
        onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} /> ${field.label}</label>`;
    case "secrets":
      return html`<fieldset class=${group}><${Legend} field=${field} /><${SecretsEditor} value=${value ?? []} onChange=${onChange} /></fieldset>`;
    case "connections":
      return html`<fieldset class=${group}><${Legend} field=${field} /><${RelationsEditor} value=${value ?? []} onChange=${onChange} /></fieldset>`;
    case "related":
      return html`<fieldset class=${group}><${Legend} field=${field} /><${RelatedEditor} value=${value ?? []} onChange=${onChange} things=${choices.things} offers=${field.offers ?? []} /></fieldset>`;
    case "known_to":
      return html`<fieldset class=${group}><${Legend} field=${field} /><${RelatedEditor} value=${value ?? []} onChange=${onChange} things=${choices.things} offers=${field.offers ?? []} withGroups /></fieldset>`;
    case "object":
      return html`<fieldset class=${group}><${Legend} field=${field} /><${PairsEditor} value=${value ?? {}} onChange=${onChange} label=${field.label} typed=${unready} /></fieldset>`;
    default:
      return html`<div class=${group}>${label}
        <input ...${box} class="field" type="text" maxlength="2000" required=${field.as === "name"} value=${value ?? ""} onInput=${typed} /></div>`;
  }
}

/** @param {{ field: Field }} props */
function Legend({ field }) {
  return html`<legend>${field.gmOnly && html`<${Icon} name="eye-off" />`} ${field.label}${field.gmOnly && html`<span class="sr-only"> ${t.gmOnlyAfterLabel}</span>`}</legend>
    ${field.hint && html`<p class="field-hint">${field.hint}</p>`}`;
}

/** @param {string[] | undefined} value */
function linesText(value) {
  return (value ?? []).join("\n");
}
