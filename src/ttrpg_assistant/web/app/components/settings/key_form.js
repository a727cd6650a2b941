import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { models as modelsWords } from "../../words/en/models.js";
import { controls } from "../../words/en/controls.js";

/** Where a key is kept, in words. */
const SOURCES = /** @type {Record<string, string>} */ ({
  environment: modelsWords.keyFromEnvironment,
  keyring: modelsWords.keyInKeyring,
  file: modelsWords.keyInFile,
});

/**
 * A provider's key and address. A key goes in and never comes out again.
 * @param {{ provider: import("../../types.js").Provider }} props
 */
export function KeyForm({ provider }) {
  const { models } = useApp();
  const [key, setKey] = useState("");
  const [address, setAddress] = useState(provider.base_url ?? "");
  const [saving, setSaving] = useState(false);
  const fromOutside = provider.has_key && provider.key_source === "environment";
  const addressIsOurs = !provider.base_url_is_fixed;
  const addressChanged = addressIsOurs && address.trim() !== (provider.base_url ?? "");
  const keyId = `key-${provider.name}`;
  const addressId = `address-${provider.name}`;

  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!key.trim() && !addressChanged) return;
    setSaving(true);
    await attempt(async () => {
      await models.setKey(provider.name, key.trim(), addressIsOurs ? address.trim() || null : null);
      setKey("");
      toast(modelsWords.savedFor(provider.label));
    });
    setSaving(false);
  };
  const forget = () =>
    attempt(async () => {
      await models.forgetKey(provider.name);
      toast(modelsWords.keyRemoved(provider.label));
    });

  const addressField = html`<div class="field-group"><label for=${addressId}>${modelsWords.address}</label>
    <input id=${addressId} class="field" type="url" value=${address} spellcheck=${false} placeholder="http://127.0.0.1:1234/v1"
      onInput=${(/** @type {any} */ event) => setAddress(event.currentTarget.value)} /></div>`;
  return html`<form class="key-form" onSubmit=${save} autocomplete="off">
    ${addressIsOurs && provider.name === "openai-compatible" && addressField}
    <div class="field-group">
      <label for=${keyId}>${provider.has_key ? modelsWords.newKey : provider.needs_key ? modelsWords.key : modelsWords.keyIfNeeded}</label>
      <div class="field-row">
        <input id=${keyId} class="field" type="password" value=${key} autocomplete="off" spellcheck=${false} disabled=${fromOutside}
          onInput=${(/** @type {any} */ event) => setKey(event.currentTarget.value)} />
        <button type="submit" class="button" disabled=${saving || fromOutside || !(key.trim() || addressChanged)}>${controls.save}</button>
      </div>
      ${
        provider.has_key &&
        html`<p class="quiet">${modelsWords.keySaved} ${SOURCES[provider.key_source ?? ""] ?? ""} ${" "}
        ${!fromOutside && html`<button type="button" class="link-button" onClick=${forget}>${modelsWords.removeKey}</button>`}</p>`
      }
    </div>
    ${
      addressIsOurs &&
      provider.name !== "openai-compatible" &&
      html`<details class="more"><summary>${modelsWords.address}</summary>${addressField}</details>`
    }
  </form>`;
}
