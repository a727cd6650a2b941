import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { Prose } from "../reply_body.js";
import { linksAsNames } from "../../models/named_sources.js";
import { calledNow } from "./choices.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * The values of a campaign's things, to be read.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {import("./choices.js").Known} Known
 */

/** Whether there is anything to show. @param {unknown} value */
export function isEmpty(value) {
  if (value === null || value === undefined || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** @param {{ field: Field, value: any, known?: Known }} props */
export function Value({ field, value, known }) {
  if (isEmpty(value)) return html`<span class="quiet">–</span>`;
  switch (field.as) {
    case "prose":
      return html`<div class="value-prose"><${Prose} text=${linksAsNames(value)} /></div>`;
    case "names":
    case "lines":
      return html`<ul class="value-lines">${value.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`;
    case "secrets":
      return html`<ul class="value-lines">${value.map(
        (/** @type {any} */ secret) => html`<li>${linksAsNames(secret.text)}
        ${secret.may_hint && html` <span class="chip chip--secret">${t.mayHint}</span>`}</li>`,
      )}</ul>`;
    case "connections":
      return html`<ul class="value-lines">${value.map((/** @type {any} */ each) => html`<li><strong>${each.target}</strong>${each.relation && ` – ${each.relation}`}</li>`)}</ul>`;
    case "object":
      return html`<${Pairs} value=${value} />`;
    case "choice":
      return html`<span>${field.options?.find(([option]) => option === value)?.[1] ?? value}</span>`;
    case "flag":
      return html`<span><${Icon} name="check" /> ${controls.yes}</span>`;
    case "reference":
      return html`<span>${calledNow(value, known)}</span>`;
    case "related":
    case "known_to":
      return html`<ul class="value-chips">${value.map((/** @type {any} */ each) => html`<li class="chip">${each.group || calledNow(each.id, known)}</li>`)}</ul>`;
    default:
      return html`<span>${value}</span>`;
  }
}

/** Names and values, nested as they are. @param {{ value: Record<string, any> }} props */
export function Pairs({ value }) {
  return html`<dl class="pairs">
    ${Object.entries(value).map(
      ([name, each]) => html`<div class="pairs__row"><dt>${name}</dt><dd><${Nested} value=${each} /></dd></div>`,
    )}
  </dl>`;
}

/** @param {{ value: any }} props */
function Nested({ value }) {
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== "object" || each === null)) {
      return html`<ul class="value-lines">${value.map((each) => html`<li>${String(each ?? "–")}</li>`)}</ul>`;
    }
    return html`<ol class="value-lines">${value.map((each) => html`<li><${Nested} value=${each} /></li>`)}</ol>`;
  }
  if (value !== null && typeof value === "object") return html`<${Pairs} value=${value} />`;
  if (typeof value === "boolean") return html`<span>${value ? controls.yes : controls.no}</span>`;
  return html`<span>${value === null || value === "" ? "–" : String(value)}</span>`;
}

/** A value in plain text, to be compared and copied. @param {Field} field @param {any} value @param {Known} [known] @returns {string} */
export function plainText(field, value, known) {
  if (isEmpty(value)) return field.as === "flag" ? controls.no : "";
  switch (field.as) {
    case "names":
    case "lines":
      return value.join("\n");
    case "secrets":
      return value
        .map((/** @type {any} */ each) => `${each.text}${each.may_hint ? ` ${t.mayHintAfterText}` : ""}`)
        .join("\n");
    case "connections":
      return value
        .map((/** @type {any} */ each) => `${each.target}${each.relation ? ` – ${each.relation}` : ""}`)
        .join("\n");
    case "object":
      return JSON.stringify(value, null, 2);
    case "choice":
      return field.options?.find(([option]) => option === value)?.[1] ?? String(value);
    case "flag":
      return controls.yes;
    case "reference":
      return calledNow(value, known);
    case "related":
    case "known_to":
      return value.map((/** @type {any} */ each) => each.group || calledNow(each.id, known)).join("\n");
    default:
      return String(value);
  }
}
