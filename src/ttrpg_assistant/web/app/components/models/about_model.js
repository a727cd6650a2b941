import { html } from "../../html.js";
import { contextWords, countWords, priceWords } from "../../models/amounts.js";
import { findChoice } from "../../models/model_list.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { TestButton } from "../test_button.js";

/**
 * What is known of one model, a test of it, and the way to use it.
 * @param {{ model: import("../../types.js").ModelOffer, list: import("../../types.js").ModelList, onUse: () => void }} props
 */
export function AboutModel({ model, list, onUse }) {
  const provider = findChoice(list, model.choice)?.provider;
  const isCurrent = model.choice === list.current;
  const offline = model.choice === "offline";
  return html`<section class="chooser__about" aria-label="About this model">
    <div class="chooser__words">
      <h3>${model.name}</h3>
      ${provider && !offline && html`<p class="quiet">${provider.label}${model.recommended ? " · recommended" : ""}</p>`}
      ${
        offline
          ? html`<p>Finds and quotes what you have written, rolls dice, draws names. It needs no network and no key, and writes nothing freely.</p>`
          : html`<${ModelFacts} model=${model} />`
      }
    </div>
    ${list.fixed && html`<p class="note">The model is set where the assistant was started (TTRPG_MODEL), so it cannot be changed here.</p>`}
    <div class="chooser__do">
      ${!offline && html`<${ModelTest} choice=${model.choice} />`}
      ${
        isCurrent
          ? html`<p class="chooser__now"><${Icon} name="check" />In use</p>`
          : html`<button type="button" class="button button--accent" disabled=${list.fixed === true} onClick=${onUse}>Use this model</button>`
      }
    </div>
  </section>`;
}

/** @param {{ model: import("../../types.js").ModelOffer }} props */
function ModelFacts({ model }) {
  return html`<ul class="model-facts">
    <li>${contextWords(model)}</li>
    ${model.answer_tokens ? html`<li>Answers of up to about ${countWords(model.answer_tokens)} tokens</li>` : null}
    ${model.efforts?.length ? html`<li>Can think before it answers</li>` : null}
    <li>${priceWords(model.price)}</li>
  </ul>`;
}

/** One press asks the model for a word. @param {{ choice: string }} props */
export function ModelTest({ choice }) {
  const { models } = useApp();
  const praise = (/** @type {{ seconds: number | null }} */ { seconds }) =>
    seconds == null ? "It answers." : seconds < 0.1 ? "Answers at once." : `Answers after ${seconds.toFixed(1)} s.`;
  return html`<${TestButton} kind="model-test" label="Test" busy="Testing…" run=${() => models.testModel(choice)} praise=${praise} />`;
}
