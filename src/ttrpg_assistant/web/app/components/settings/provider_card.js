import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { TestButton } from "../test_button.js";
import { KeyForm } from "./key_form.js";

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
      ${usable && !provider.fault && provider.models.length === 0 && html`<p class="quiet">No models were found at its address.</p>`}
      <${KeyForm} provider=${provider} /><${Test} provider=${provider} />
    </div>`
    }
  </article>`;
}

/** @param {Provider} provider @param {boolean} chosen */
function stateOf(provider, chosen) {
  if (provider.needs_key && !provider.has_key) return "needs a key";
  if (provider.fault) return "not reachable";
  if (chosen) return html`<${Icon} name="check" />in use`;
  const count = provider.models.length;
  return count === 0 ? "no models found" : count === 1 ? "1 model" : `${count} models`;
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
    `It answers and offers ${found?.length === 1 ? "one model" : `${found?.length ?? 0} models`}.`;
  return html`<${TestButton} kind="provider__test" label="Test the connection" busy="Asking…" run=${run} praise=${praise}
    disabled=${provider.needs_key && !provider.has_key} />`;
}
