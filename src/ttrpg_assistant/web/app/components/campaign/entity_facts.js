import { html } from "../../html.js";
import { isSecret } from "../../state/campaign/campaign_kinds.js";
import { GmOnly } from "./gm_only.js";
import { Value, isEmpty } from "./values.js";

/** That something counts is what is expected, and the way to a message stands elsewhere. @param {string} name @param {any} value */
function isOrdinary(name, value) {
  return name === "source_message_id" || (name === "canon" && value === "happened");
}

/**
 * One thing of a campaign, to be read: what everyone may know first, then what only the GM does.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, entity: any, known: import("./choices.js").Known,
 *   skip?: string[], children?: any }} props `children` stand between the two
 */
export function EntityFacts({ kind, entity, known, skip = [], children }) {
  const shown = kind.fields.filter(
    ({ name }) =>
      name !== kind.named && !skip.includes(name) && !isEmpty(entity[name]) && !isOrdinary(name, entity[name]),
  );
  const open = shown.filter((field) => !field.gmOnly);
  const secret = shown.filter((field) => field.gmOnly);
  const list = (/** @type {any[]} */ fields) => html`<dl class="sheet-facts">
    ${fields.map(
      (field) => html`<div class=${`sheet-facts__row sheet-facts__row--${field.as}`} key=${field.name}>
      <dt>${field.label}</dt><dd><${Value} field=${field} value=${entity[field.name]} known=${known} /></dd></div>`,
    )}
  </dl>`;
  if (isSecret(kind, entity)) return html`<${GmOnly}>${list(shown)}</${GmOnly}>${children}`;
  return html`${open.length > 0 && list(open)} ${children}
    ${secret.length > 0 && html`<${GmOnly}>${list(secret)}</${GmOnly}>`}`;
}
