import { html } from "../../html.js";
import { IconButton } from "../icon.js";

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
  const kinds = [
    ["npc", "NPCs"],
    ["location", "Places"],
  ].filter(([kind]) => things.some(([its]) => its === kind));
  const onlyNpcs = kinds.length === 1 && kinds[0][0] === "npc";
  return html`<div class="rows">
    <ul class="value-chips">
      ${value.map(
        (each, at) => html`<li class="chip chip--open" key=${each.id}>${names.get(each.id) ?? "Something that is gone"}
          <${IconButton} icon="x" label=${`Remove ${names.get(each.id) ?? "it"}`}
            onClick=${() => onChange(value.filter((_, index) => index !== at))} /></li>`,
      )}
    </ul>
    <select class="field" aria-label=${onlyNpcs ? "Add an NPC" : "Add what it is about"} onChange=${add}>
      <option value="" selected>${onlyNpcs ? "Add an NPC…" : "Add an NPC or a place…"}</option>
      ${kinds.map(
        ([kind, title]) => html`<optgroup label=${title}>
          ${things.filter(([its, id]) => its === kind && !chosen.has(id)).map(([, id, name]) => html`<option value=${id}>${name}</option>`)}
        </optgroup>`,
      )}
    </select>
  </div>`;
}
