import { html } from "../../html.js";
import { shortCount, shortPrice } from "../../models/amounts.js";
import { nameIn } from "../../models/model_list.js";
import { Icon } from "../icon.js";
import { models as modelsWords } from "../../words/en/models.js";

/**
 * The models that were found, in their groups, with size and price beside each.
 *
 * @typedef {import("../../models/model_list.js").Group} Group
 *
 * @param {{ groups: Group[], chosen: string | null, current: string, onChoose: (choice: string) => void }} props
 */
export function ModelOptions({ groups, chosen, current, onChoose }) {
  let at = -1;
  const isPriced = groups.some(({ models }) => models.some(({ price }) => price));
  return html`<div id="model-options" role="listbox" aria-label=${modelsWords.list} class=${isPriced ? "chooser__options--priced" : ""}>
    ${groups.map(
      (group) => html`<div key=${group.key} role="group" aria-label=${group.title}>
        <p class="chooser__group" aria-hidden="true">${group.title}</p>
        ${group.models.map((model) => {
          at += 1;
          return html`<${Option} key=${model.choice} model=${model} id=${`model-option-${at}`} name=${nameIn(model, group)}
            selected=${model.choice === chosen} current=${model.choice === current} onChoose=${onChoose} />`;
        })}
      </div>`,
    )}
  </div>`;
}

/**
 * @param {{ model: import("../../types.js").ModelOffer, id: string, name: string, selected: boolean, current: boolean,
 *   onChoose: (choice: string) => void }} props
 */
function Option({ model, id, name, selected, current, onChoose }) {
  const size = model.context_tokens;
  const price = shortPrice(model.price);
  return html`<div id=${id} role="option" class="chooser__option" aria-selected=${selected ? "true" : "false"} onClick=${() => onChoose(model.choice)}>
    <span class="chooser__mark">${current && html`<${Icon} name="check" label=${modelsWords.inUse} />`}</span>
    <span class="chooser__name" title=${model.name}>${name}</span>
    ${model.recommended && html`<span class="chooser__star"><${Icon} name="star" label=${modelsWords.recommended} /></span>`}
    <span class="chooser__fact" title=${size ? modelsWords.contextTitle : undefined}>${size ? shortCount(size) : ""}</span>
    <span class="chooser__fact chooser__price" title=${price ? modelsWords.priceTitle : undefined}>${price}</span>
  </div>`;
}
