import { html } from "../../html.js";
import { contextWords, countWords, priceWords } from "../../models/amounts.js";
import { findChoice } from "../../models/model_list.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { TestButton } from "../test_button.js";
import { models as modelsWords } from "../../words/en/models.js";

/**
 * What is known of one model, a test of it, and the way to use it.
 * @param {{ model: import("../../types.js").ModelOffer, list: import("../../types.js").ModelList, onUse: () => void }} props
 */
export function AboutModel({ model, list, onUse }) {
  const provider = findChoice(list, model.choice)?.provider;
  const isCurrent = model.choice === list.current;
  const offline = model.choice === "offline";
  return html`<section class="chooser__about" aria-label=${modelsWords.about}>
    <div class="chooser__words">
      <h3>${model.name}</h3>
      ${provider && !offline && html`<p class="quiet">${provider.label}${model.recommended && ` · ${modelsWords.recommendedShort}`}</p>`}
      ${offline ? html`<p>${modelsWords.builtInWords}</p>` : html`<${ModelFacts} model=${model} />`}
    </div>
    ${list.fixed && html`<p class="note">${modelsWords.fixed}</p>`}
    <div class="chooser__do">
      ${!offline && html`<${ModelTest} choice=${model.choice} />`}
      ${
        isCurrent
          ? html`<p class="chooser__now"><${Icon} name="check" />${modelsWords.inUse}</p>`
          : html`<button type="button" class="button button--accent" disabled=${list.fixed === true} onClick=${onUse}>${modelsWords.use}</button>`
      }
    </div>
  </section>`;
}

/** @param {{ model: import("../../types.js").ModelOffer }} props */
function ModelFacts({ model }) {
  return html`<ul class="model-facts">
    <li>${contextWords(model)}</li>
    ${model.answer_tokens ? html`<li>${modelsWords.answersUpTo(countWords(model.answer_tokens))}</li>` : null}
    ${model.efforts?.length ? html`<li>${modelsWords.canThink}</li>` : null}
    <li>${priceWords(model.price)}</li>
  </ul>`;
}

/** One press asks the model for a word. @param {{ choice: string }} props */
export function ModelTest({ choice }) {
  const { models } = useApp();
  const praise = (/** @type {{ seconds: number | null }} */ { seconds }) =>
    seconds == null
      ? modelsWords.answers
      : seconds < 0.1
        ? modelsWords.answersAtOnce
        : modelsWords.answersAfter(seconds.toFixed(1));
  return html`<${TestButton} kind="model-test" label=${modelsWords.test} busy=${modelsWords.testing} run=${() => models.testModel(choice)} praise=${praise} />`;
}
