import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { query } from "../../router.js";
import { useApp } from "../../state/app.js";
import { CurrentModel } from "./current_model.js";
import { ProviderCard } from "./provider_card.js";

/** Which model answers, what is set for it, and the providers that models come from. */
export function ModelChoice() {
  const { models } = useApp();
  useEffect(() => {
    models.load();
  }, [models]);
  const list = models.list.value;
  const fault = models.fault.value;
  useAskedControl(list !== null);
  if (!list) {
    return fault
      ? html`<p role="alert">${fault.detail} <button type="button" class="link-button" onClick=${() => models.load()}>Retry</button></p>`
      : html`<p class="quiet">Looking for models…</p>`;
  }
  return html`
    <p class="settings__intro">The built-in model needs nothing and answers from what you have written here. A larger
      model writes freely; its key stays on this computer and is never shown again.</p>
    <${CurrentModel} list=${list} />
    <h3 class="settings__part" id="at-provider" tabindex="-1">Providers</h3>
    <div class="providers">
      ${list.providers
        .filter(({ name }) => name !== "offline")
        .map((provider) => html`<${ProviderCard} key=${provider.name} provider=${provider} current=${list.current} />`)}
    </div>`;
}

/** Leads to the control that a link named: `/settings?at=context-size`. @param {boolean} isReady */
function useAskedControl(isReady) {
  const at = new URLSearchParams(query.value).get("at");
  useEffect(() => {
    if (!isReady || !at) return;
    const control = document.getElementById(`at-${at}`);
    control?.scrollIntoView({ block: "center" });
    control?.focus({ preventScroll: true });
  }, [isReady, at]);
}
