import { useEffect, useLayoutEffect } from "preact/hooks";
import { html } from "../../html.js";
import { query } from "../../router.js";
import { useApp } from "../../state/app.js";
import { CurrentModel } from "./current_model.js";
import { ProviderCard } from "./provider_card.js";
import { controls } from "../../words/en/controls.js";
import { models as modelsWords } from "../../words/en/models.js";

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
      ? html`<p role="alert">${fault.detail} <button type="button" class="link-button" onClick=${() => models.load()}>${controls.retry}</button></p>`
      : html`<p class="quiet">${modelsWords.looking}</p>`;
  }
  return html`
    <p class="settings__intro">${modelsWords.intro}</p>
    <${CurrentModel} list=${list} />
    <h3 class="settings__part" id="at-provider" tabindex="-1">${modelsWords.providers}</h3>
    <div class="providers">
      ${list.providers
        .filter(({ name }) => name !== "offline")
        .map((provider) => html`<${ProviderCard} key=${provider.name} provider=${provider} current=${list.current} />`)}
    </div>`;
}

/** Leads to the control that a link named: `/settings?at=context-size`. @param {boolean} isReady */
function useAskedControl(isReady) {
  const at = new URLSearchParams(query.value).get("at");
  useLayoutEffect(() => {
    if (!isReady || !at) return;
    const control = document.getElementById(`at-${at}`);
    control?.scrollIntoView({ block: "center" });
    control?.focus({ preventScroll: true });
  }, [isReady, at]);
}
