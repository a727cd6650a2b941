import { html } from "../../html.js";
import { fieldOf, plain, writtenOf } from "../../models/proposals.js";
import { proposals as words } from "../../words/en/proposals.js";
import { Icon } from "../icon.js";

/**
 * What a proposal would change, field by field: what is there, crossed out, and what would be.
 *
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 * @typedef {import("../../models/proposals.js").FieldPatch} FieldPatch
 *
 * @param {{ suggestion: Suggestion, patches: FieldPatch[], chosen: Set<string> | null,
 *   onToggle: (field: string) => void }} props `chosen` while single fields are picked
 */
export function Difference({ suggestion, patches, chosen, onToggle }) {
  if (patches.length === 0) return null;
  return html`<dl class="difference ${chosen ? "difference--choosing" : ""}">
    ${patches.map((patch) => {
      const field = fieldOf(suggestion.target_kind, patch.field);
      const label = html`${field.gmOnly && html`<${Icon} name="eye-off" label=${words.gmOnly} />`} ${field.label}`;
      return html`<div class="difference__row difference__row--${patch.outcome} ${field.gmOnly ? "difference__row--secret" : ""}"
        key=${patch.field} data-field=${patch.field}>
        <dt>${
          chosen
            ? html`<label class="difference__pick"><input type="checkbox" checked=${chosen.has(patch.field)}
              onChange=${() => onToggle(patch.field)} /> ${label}</label>`
            : label
        }</dt>
        <dd><${Change} patch=${patch} /></dd>
      </div>`;
    })}
  </dl>`;
}

/**
 * What was accepted, as it was stored: a person's own words where they changed it.
 * @param {{ suggestion: Suggestion }} props
 */
export function Written({ suggestion }) {
  const rows = writtenOf(suggestion);
  if (rows.length === 0) return null;
  return html`<dl class="difference difference--written" aria-label=${words.statusAccepted}>
    ${rows.map(([name, value]) => {
      const field = fieldOf(suggestion.target_kind, name);
      return html`<div class="difference__row ${field.gmOnly ? "difference__row--secret" : ""}" key=${name} data-written=${name}>
        <dt>${field.gmOnly && html`<${Icon} name="eye-off" label=${words.gmOnly} />`} ${field.label}</dt>
        <dd>${suggestion.status === "partly_accepted" && html`<p class="difference__mark">${words.statusAccepted}</p>`}
          <p class="difference__text">${plain(value)}</p></dd>
      </div>`;
    })}
  </dl>`;
}

/** @param {{ patch: FieldPatch }} props */
function Change({ patch }) {
  const current = plain(patch.current);
  const proposed = plain(patch.proposed);
  if (current === "" || patch.outcome === "unchanged") {
    return html`<p class="difference__text">${proposed}</p>
      ${patch.outcome === "unchanged" && html`<p class="difference__mark">${words.alreadyThere}</p>`}`;
  }
  if (patch.outcome === "conflict") {
    return html`<p class="difference__mark">${words.whenSuggested}</p><p class="difference__text">${plain(patch.base) || words.nothing}</p>
      <p class="difference__mark">${words.now}</p><p class="difference__text difference__text--there">${current}</p>
      <p class="difference__mark">${words.suggested}</p><p class="difference__text difference__text--new">${proposed}</p>`;
  }
  if (patch.mode === "append") {
    const added =
      Array.isArray(patch.result) && Array.isArray(patch.current)
        ? plain(patch.result.slice(patch.current.length))
        : proposed;
    return html`<p class="difference__text difference__text--kept">${current}</p>
      <p class="difference__text"><ins><span class="sr-only">${words.addedHidden} </span>${added || proposed}</ins></p>`;
  }
  return html`<p class="difference__text"><del><span class="sr-only">${words.nowHidden} </span>${current}</del></p>
    <p class="difference__text"><ins><span class="sr-only">${words.suggestedHidden} </span>${proposed}</ins></p>`;
}
