import { html } from "../../html.js";
import { waysOf } from "../../models/relation_edit.js";
import { THINGS } from "../../state/campaign/campaign_kinds.js";
import { useOwnId } from "../use_own_id.js";
import { ThingPicker } from "./thing_picker.js";
import { relations as t } from "../../words/en/relations.js";

/** Whatever has operations of a thing may be related to another. */
const OFFERS = THINGS.map(({ name }) => name);

/**
 * What a new relation is between. On a sheet one end is its thing, and the direction is chosen;
 * elsewhere both ends are.
 *
 * @typedef {import("../../models/relation_edit.js").Ends} Ends
 * @typedef {import("../../models/thing_names.js").Thing} Thing
 *
 * @param {{ campaignId: string, choices: import("./field_editor.js").Choices, isOnSheet: boolean, ends: Ends,
 *   onChange: (ends: Ends) => void }} props
 */
export function RelationEnds({ campaignId, choices, isOnSheet, ends, onChange }) {
  const id = useOwnId();
  const picker = (
    /** @type {string} */ label,
    /** @type {Thing | null} */ value,
    /** @type {Thing | null} */ but,
    /** @type {(thing: Thing | null) => void} */ put,
  ) => html`<${ThingPicker} campaignId=${campaignId} choices=${choices} offers=${OFFERS} but=${but?.[1] ?? ""} value=${value}
      onChange=${put} label=${label} hint=${t.otherHint} found=${t.found} />`;
  const other = (/** @type {Thing | null} */ thing) => onChange({ ...ends, other: thing });
  if (!isOnSheet) {
    return html`<div class="relation-ends">
      ${picker(t.one, ends.one, ends.other, (thing) => onChange({ ...ends, one: thing }))}
      ${picker(t.another, ends.other, ends.one, other)}</div>`;
  }
  return html`${picker(t.other, ends.other, ends.one, other)}
    <fieldset class="field-group"><legend>${t.direction}</legend><div class="relation-ends__ways">
      ${waysOf(ends).map(
        (
          words,
          index,
        ) => html`<label class="check"><input type="radio" name=${id} checked=${ends.isTo === (index === 0)}
          onChange=${() => onChange({ ...ends, isTo: index === 0 })} /> ${words}</label>`,
      )}</div></fieldset>`;
}
