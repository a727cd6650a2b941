import { html } from "../../html.js";
import { IconButton } from "../icon.js";
import { campaign as t } from "../../words/en/campaign.js";
import { campaignKinds } from "../../words/en/campaign_kinds.js";

/**
 * The things of the campaign that a plot point is about, or the NPCs that know something.
 *
 * @param {{ value: { kind: string, id: string }[], onChange: (value: any) => void,
 *   things: [string, string, string][] }} props `things`: kind, id and name
 */
export function RelatedEditor({ value, onChange, things }) {
  const chosen = new Set(value.map((each) => each.id));
  const names = new Map(things.map(([, id, name]) => [id, name]));
  const add = (/** @type {any} */ event) => {
    const found = things.find(([, id]) => id === event.currentTarget.value);
    event.currentTarget.value = "";
    if (found) onChange([...value, { kind: found[0], id: found[1] }]);
  };
  const offered = [
    ["npc", campaignKinds.npcs],
    ["location", campaignKinds.locations],
  ].filter(([kind]) => things.some(([its]) => its === kind));
  const onlyNpcs = offered.length === 1 && offered[0][0] === "npc";
  return html`<div class="rows">
    <ul class="value-chips">
      ${value.map(
        (each, at) => html`<li class="chip chip--open" key=${each.id}>${names.get(each.id) ?? t.deleted}
          <${IconButton} icon="x" label=${t.remove(names.get(each.id) ?? t.deleted)}
            onClick=${() => onChange(value.filter((_, index) => index !== at))} /></li>`,
      )}
    </ul>
    <select class="field" aria-label=${onlyNpcs ? t.addNpc : t.addNpcOrLocation} onChange=${add}>
      <option value="" selected>${onlyNpcs ? t.addNpcChoice : t.addNpcOrLocationChoice}</option>
      ${offered.map(
        ([kind, title]) => html`<optgroup label=${title}>
          ${things.filter(([its, id]) => its === kind && !chosen.has(id)).map(([, id, name]) => html`<option value=${id}>${name}</option>`)}
        </optgroup>`,
      )}
    </select>
  </div>`;
}
