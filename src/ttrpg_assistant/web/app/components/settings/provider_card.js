import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { TestButton } from "../test_button.js";
import { KeyForm } from "./key_form.js";
import { models as modelsWords } from "../../words/en/models.js";
import { counts } from "../../words/en/counts.js";

/**
 * One provider: its key, its address, and a test of both.
 *
 * @typedef {import("../../types.js").Provider} Provider
 *
 * @param {{ provider: Provider, current: string }} props
 */
export function ProviderCard({ provider, current }) {
  const chosen = current.split(":")[0] === provider.name;
  const usable = !provider.needs_key || provider.has_key;
  const [open, setOpen] = useState(false);
  const id = `provider-${provider.name}`;
  return html`<article class=${`provider ${chosen ? "provider--chosen" : ""}`}>
    <h4 class="provider__head"><button type="button" class="provider__toggle" aria-expanded=${open ? "true" : "false"} aria-controls=${id}
      onClick=${() => setOpen(!open)}>
      <span class="provider__name">${provider.label}</span>
      <span class="provider__state">${stateOf(provider, chosen)}</span>
      <${Icon} name=${open ? "minus" : "plus"} />
    </button></h4>
    ${
      open &&
      html`<div class="provider__body" id=${id}>
      ${usable && provider.fault && html`<p class="note note--trouble">${sentences(provider.fault.detail, provider.fault.cure)}</p>`}
      ${usable && !provider.fault && provider.models.length === 0 && html`<p class="quiet">${modelsWords.noneAtAddress}</p>`}
      <${KeyForm} provider=${provider} /><${Test} provider=${provider} />
    </div>`
    }
  </article>`;
}

/** @param {Provider} provider @param {boolean} chosen */
function stateOf(provider, chosen) {
  if (provider.needs_key && !provider.has_key) return modelsWords.needsKey;
  if (provider.fault) return modelsWords.notReachable;
  if (chosen) return html`<${Icon} name="check" />${modelsWords.inUseShort}`;
  const count = provider.models.length;
  return count === 0 ? modelsWords.noneFound : counts.models(count);
}

/** @param {{ provider: Provider }} props */
function Test({ provider }) {
  const { models } = useApp();
  const run = async () => {
    const tried = await models.test(provider.name);
    if (tried.ok) models.load();
    return tried;
  };
  const praise = (/** @type {{ models: unknown[] }} */ { models: found }) =>
    modelsWords.offers(counts.models(found?.length ?? 0));
  return html`<${TestButton} kind="provider__test" label=${modelsWords.testConnection} busy=${modelsWords.testing} run=${run} praise=${praise}
    disabled=${provider.needs_key && !provider.has_key} />`;
}
