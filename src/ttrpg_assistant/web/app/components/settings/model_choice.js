import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { useDesk } from "../../state/desk.js";
import { attempt } from "../../state/notices.js";
import { ProviderCard } from "./provider_card.js";

/** Which model answers, and the providers it can be chosen from. */
export function ModelChoice() {
  const { models } = useDesk();
  useEffect(() => {
    models.load();
  }, [models]);
  const list = models.list.value;
  const fault = models.fault.value;
  if (!list) {
    return fault
      ? html`<p role="alert">${fault.detail} <button type="button" class="link-button" onClick=${() => models.load()}>Retry</button></p>`
      : html`<p class="quiet">Looking for models…</p>`;
  }
  const fixed = /** @type {any} */ (list).fixed === true;
  return html`
    <p class="settings__intro">The built-in model needs nothing and answers from what you have written here. A larger
      model writes freely; its key stays on this computer and is never shown again.</p>
    ${fixed && html`<p class="note">The model is set where the assistant was started (TTRPG_MODEL), so it cannot be changed here.</p>`}
    <div class="providers">
      ${list.providers.map(
        (provider) => html`<${ProviderCard} key=${provider.name} provider=${provider} current=${list.current} fixed=${fixed}
          onChoose=${(/** @type {string} */ choice) => attempt(() => models.choose(choice))} />`,
      )}
    </div>`;
}
