import { html } from "../../html.js";
import { printedFields } from "../../models/printable.js";
import { isSecret, nameOf } from "../../state/campaign/campaign_kinds.js";
import { print as words } from "../../words/en/print.js";
import { Value } from "../campaign/values.js";
import { Icon } from "../icon.js";

/**
 * One thing of a campaign on paper.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 * @typedef {import("../campaign/choices.js").Known} Known
 *
 * @param {{ kind: Kind, entity: any, known: Known, withGmOnly: boolean, only?: string[] }} props
 *   `only` leaves out all other fields
 */
export function PrintedFields({ kind, entity, known, withGmOnly, only }) {
  const { open, gmOnly } = printedFields(kind, entity, withGmOnly);
  const wanted = (/** @type {import("../../state/campaign/campaign_kinds.js").Field} */ { name }) =>
    !only || only.includes(name);
  const list = (/** @type {import("../../state/campaign/campaign_kinds.js").Field[]} */ fields) =>
    fields.length > 0 &&
    html`<dl class="paper__fields">${fields.map(
      (field) =>
        html`<div key=${field.name}><dt>${field.label}</dt><dd><${Value} field=${field} value=${entity[field.name]} known=${known} /></dd></div>`,
    )}</dl>`;
  const secret = gmOnly.filter(wanted);
  if (isSecret(kind, entity))
    return html`<${Marked} sign=${words.gmOnlyAll}>${list([...open.filter(wanted), ...secret])}</${Marked}>`;
  return html`${list(open.filter(wanted))}${secret.length > 0 && html`<${Marked} sign=${words.gmOnly}>${list(secret)}</${Marked}>`}`;
}

/** As on the screen, but no landmark of its own: there are many of them. @param {{ sign: string, children?: any }} props */
function Marked({ sign, children }) {
  return html`<div class="gm-only"><p class="gm-only__sign"><${Icon} name="eye-off" /> ${sign}</p>${children}</div>`;
}

/** Under its name, in a list. @param {{ kind: Kind, entity: any, known: Known, withGmOnly: boolean, only?: string[] }} props */
export function PrintedThing(props) {
  return html`<article class="paper__card"><h3>${nameOf(props.kind, props.entity)}</h3><${PrintedFields} ...${props} /></article>`;
}

/** @param {{ facts: any[], withGmOnly: boolean }} props */
export function PrintedFacts({ facts, withGmOnly }) {
  return html`<ul class="paper__lines">${facts.map(
    (fact) => html`<li key=${fact.id}>${fact.text} <span class="paper__who">${whoKnows(fact, withGmOnly)}</span></li>`,
  )}</ul>`;
}

/** Which NPC knows what the party knows is the game master's alone. @param {any} fact @param {boolean} withGmOnly */
function whoKnows(fact, withGmOnly) {
  if (fact.audience === "gm") return words.gmOnly;
  if (fact.audience === "public") return words.everyone;
  if (fact.audience === "party" && !withGmOnly) return words.party;
  const listed = fact.listeners.map(
    (/** @type {any} */ each) => each.group_name ?? each.npc_name ?? each.character_name ?? words.somebody,
  );
  const names = fact.audience === "party" ? [words.partyName, ...listed] : listed;
  return names.length > 0 ? words.knownTo(names.join(", ")) : words.nobody;
}
