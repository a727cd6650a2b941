import { html } from "../../html.js";
import { attempt } from "../../state/notices.js";
import { KindChoice } from "./found_things.js";
import { imports as t } from "../../words/en/imports.js";

/**
 * The facts in files; an entry of a lorebook can become a thing instead.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "files" }> }} props
 */
export function FoundFacts({ importing, step }) {
  const { preview, choices } = step;
  const { count, first } = preview.facts;
  const toKind = (/** @type {string} */ key, /** @type {string} */ kind) =>
    attempt(() => importing.lookAgain({ ...choices, kinds: { ...choices.kinds, [key]: kind } }, preview.campaign_id));
  return html`<fieldset class="import__part" disabled=${step.isBusy}><legend>${t.facts}</legend>
    <label class="found__take"><input type="checkbox" checked=${!choices.skip_facts}
      onChange=${(/** @type {any} */ event) => importing.choose({ ...choices, skip_facts: !event.currentTarget.checked })} /> ${t.importFacts(count)}</label>
    <p class="quiet">${t.factsWords}</p>
    ${
      !choices.skip_facts &&
      html`<ul class="found">${first.map(
        (
          one,
        ) => html`<li class="found__one" key=${one.key}><div class="found__head"><p class="found__fact">${one.text}</p>
        ${one.can_become.length > 0 && html`<${KindChoice} name=${one.title} kind="" kinds=${one.can_become} none=${t.fact} onChoose=${(/** @type {string} */ kind) => toKind(one.key, kind)} />`}</div></li>`,
      )}</ul>
      ${count > first.length && html`<p class="quiet">${t.moreFacts(count - first.length)}</p>`}`
    }
  </fieldset>`;
}
