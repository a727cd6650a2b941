import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { bothOf, isSame } from "../../models/entity_edit.js";
import { Icon } from "../icon.js";
import { knownNames } from "./choices.js";
import { FieldEditor } from "./field_editor.js";
import { plainText } from "./values.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * Two edits of the same thing, side by side. Nothing is stored before the game master has chosen,
 * field by field, and neither version is lost by looking.
 *
 * @typedef {import("../../models/entity_edit.js").Clash} Clash
 *
 * @param {{ clashes: Clash[], choices: import("./field_editor.js").Choices, onBack: () => void,
 *   onDecide: (chosen: Record<string, any>, theirs: Record<string, any>) => void }} props
 */
export function Conflict({ clashes, choices, onBack, onDecide }) {
  const [chosen, setChosen] = useState(/** @type {Record<string, any>} */ ({}));
  const known = knownNames(choices);
  const put = (/** @type {Clash} */ { field }, /** @type {any} */ value) =>
    setChosen({ ...chosen, [field.name]: value });
  const every = (/** @type {"mine" | "theirs"} */ side) =>
    setChosen(Object.fromEntries(clashes.map((clash) => [clash.field.name, clash[side]])));
  const open = clashes.filter(({ field }) => !(field.name in chosen)).length;
  const theirs = Object.fromEntries(clashes.map((clash) => [clash.field.name, clash.theirs]));
  const decide = (/** @type {Event} */ event) => {
    event.preventDefault();
    onDecide(chosen, theirs);
  };
  return html`<form class="conflict" onSubmit=${decide}>
    <p class="note note--trouble"><${Icon} name="triangle-alert" /> ${t.conflict}</p>
    ${
      clashes.length > 1 &&
      html`<div class="button-row">
      <button type="button" class="button button--small" onClick=${() => every("mine")}>${t.keepAllMine}</button>
      <button type="button" class="button button--small" onClick=${() => every("theirs")}>${t.keepAllTheirs}</button>
    </div>`
    }
    ${clashes.map(
      (clash) => html`<${OneClash} key=${clash.field.name} clash=${clash} known=${known} choices=${choices}
      chosen=${chosen[clash.field.name]} decided=${clash.field.name in chosen} onPut=${(/** @type {any} */ value) => put(clash, value)} />`,
    )}
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${onBack}>${t.backToEditing}</button>
      <button type="submit" class="button button--accent" disabled=${open > 0}>
        ${open > 0 ? t.leftToChoose(open) : t.saveChoices}</button>
    </div>
  </form>`;
}

/** @param {{ clash: Clash, known: import("./choices.js").Known, choices: any, chosen: any, decided: boolean, onPut: (value: any) => void }} props */
function OneClash({ clash, known, choices, chosen, decided, onPut }) {
  const { field, mine, theirs } = clash;
  const both = bothOf(clash);
  const merged = decided && !isSame(chosen, mine) && !isSame(chosen, theirs);
  const side = (/** @type {string} */ title, /** @type {any} */ value, /** @type {string} */ label) => {
    const on = decided && isSame(chosen, value);
    return html`<div class=${`conflict__side ${on ? "conflict__side--on" : ""}`}>
      <h4>${title}</h4>
      <pre class="conflict__text" tabindex="0">${plainText(field, value, known) || t.empty}</pre>
      <button type="button" class="button button--small" aria-pressed=${on ? "true" : "false"} onClick=${() => onPut(value)}>
        ${on && html`<${Icon} name="check" />`}${label}</button>
    </div>`;
  };
  return html`<section class="conflict__field" aria-label=${field.label}>
    <h3>${field.gmOnly && html`<${Icon} name="eye-off" />`} ${field.label}</h3>
    <div class="conflict__sides">
      ${side(t.mine, mine, t.keepMine)}
      ${side(t.theirs, theirs, controls.keepTheirs)}
    </div>
    ${both !== undefined && !merged && html`<button type="button" class="link-button" onClick=${() => onPut(both)}>${t.combineBoth}</button>`}
    ${merged && html`<${FieldEditor} field=${{ ...field, label: t.combined(field.label) }} value=${chosen} choices=${choices} onChange=${onPut} />`}
  </section>`;
}
