import { html } from "../../html.js";
import { contextWords, priceWords } from "../../models/amounts.js";
import { findChoice } from "../../models/model_list.js";
import { useApp } from "../../state/app.js";
import { modelChooserOpen } from "../../state/models/model_chooser.js";
import { attempt } from "../../state/notices.js";
import { ModelTest } from "../models/about_model.js";
import { ModelNumbers } from "./model_numbers.js";
import { models as modelsWords } from "../../words/en/models.js";

/** @typedef {import("../../types.js").ModelOffer} ModelOffer */

/**
 * The model that answers, and what can be set for it.
 * @param {{ list: import("../../types.js").ModelList }} props
 */
export function CurrentModel({ list }) {
  const { models } = useApp();
  const found = findChoice(list, list.current);
  if (!found) return null;
  const { model, provider } = found;
  const offline = model.choice === "offline";
  const fixed = list.fixed === true;
  return html`<article class="current-model" aria-labelledby="current-model-name">
    <header class="current-model__head">
      <div><h3 id="current-model-name">${model.name}</h3>
        <p class="quiet">${offline ? modelsWords.builtInShort : modelsWords.providerInUse(provider?.label ?? "")}</p></div>
      <div class="button-row">
        <button type="button" class="button button--accent" id="at-model" disabled=${fixed} onClick=${() => (modelChooserOpen.value = true)}>${modelsWords.choose}</button>
        ${!offline && !fixed && html`<button type="button" class="button" onClick=${() => attempt(() => models.choose("offline"))}>${modelsWords.useBuiltIn}</button>`}
      </div>
    </header>
    ${fixed && html`<p class="note">${modelsWords.fixed}</p>`}
    ${
      !offline &&
      html`
      <ul class="model-facts"><li>${contextWords(model)}</li><li>${priceWords(model.price)}</li></ul>
      <${ModelTest} key=${model.choice} choice=${model.choice} />
      <${ModelNumbers} key=${model.choice} model=${model} />`
    }
  </article>`;
}
