import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";

/** Where a key is kept, in words. */
const SOURCES = /** @type {Record<string, string>} */ ({
  environment: "It comes from the environment the assistant was started in, and is changed there.",
  keyring: "It is kept in this computer's keyring.",
  file: "It is kept in a file that only you can read.",
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
      toast(`Saved for ${provider.label}.`);
    });
    setSaving(false);
  };
  const forget = () =>
    attempt(async () => {
      await models.forgetKey(provider.name);
      toast(`The key for ${provider.label} is removed.`);
    });

  const addressField = html`<div class="field-group"><label for=${addressId}>Address</label>
    <input id=${addressId} class="field" type="url" value=${address} spellcheck=${false} placeholder="http://127.0.0.1:1234/v1"
      onInput=${(/** @type {any} */ event) => setAddress(event.currentTarget.value)} /></div>`;
  return html`<form class="key-form" onSubmit=${save} autocomplete="off">
    ${addressIsOurs && provider.name === "openai-compatible" && addressField}
    <div class="field-group">
      <label for=${keyId}>${provider.has_key ? "New key" : provider.needs_key ? "Key" : "Key, if it asks for one"}</label>
      <div class="field-row">
        <input id=${keyId} class="field" type="password" value=${key} autocomplete="off" spellcheck=${false} disabled=${fromOutside}
          onInput=${(/** @type {any} */ event) => setKey(event.currentTarget.value)} />
        <button type="submit" class="button" disabled=${saving || fromOutside || !(key.trim() || addressChanged)}>Save</button>
      </div>
      ${
        provider.has_key &&
        html`<p class="quiet">A key is saved. ${SOURCES[provider.key_source ?? ""] ?? ""} ${" "}
        ${!fromOutside && html`<button type="button" class="link-button" onClick=${forget}>Remove the key</button>`}</p>`
      }
    </div>
    ${
      addressIsOurs &&
      provider.name !== "openai-compatible" &&
      html`<details class="more"><summary>Address</summary>${addressField}</details>`
    }
  </form>`;
}
