import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useDesk } from "../../state/desk.js";
import { Icon } from "../icon.js";
import { KeyForm } from "./key_form.js";

/**
 * One provider: its models, its key, and a test.
 *
 * @typedef {import("../../types.js").Provider} Provider
 *
 * @param {{ provider: Provider, current: string, fixed: boolean, onChoose: (choice: string) => void }} props
 */
export function ProviderCard({ provider, current, fixed, onChoose }) {
  const chosen = current.split(":")[0] === provider.name;
  const usable = !provider.needs_key || provider.has_key;
  const [open, setOpen] = useState(chosen);
  const id = `provider-${provider.name}`;
  return html`<article class=${`provider ${chosen ? "provider--chosen" : ""}`}>
    <h3 class="provider__head"><button type="button" class="provider__toggle" aria-expanded=${open ? "true" : "false"} aria-controls=${id}
      onClick=${() => setOpen(!open)}>
      <span class="provider__name">${provider.label}</span>
      <span class="provider__state">${stateOf(provider, chosen)}</span>
      <${Icon} name=${open ? "minus" : "plus"} />
    </button></h3>
    ${open &&
    html`<div class="provider__body" id=${id}>
      ${usable && html`<${Models} provider=${provider} current=${current} fixed=${fixed} onChoose=${onChoose} />`}
      ${provider.name !== "offline" && html`<${KeyForm} provider=${provider} /><${Test} provider=${provider} />`}
    </div>`}
  </article>`;
}

/** @param {Provider} provider @param {boolean} chosen */
function stateOf(provider, chosen) {
  if (chosen) return html`<${Icon} name="check" />answers now`;
  if (provider.needs_key && !provider.has_key) return "needs a key";
  if (provider.fault) return "not reachable";
  if (provider.name === "offline") return "always ready";
  return provider.models.length > 0 ? "ready" : "no models found";
}

/** @param {{ provider: Provider, current: string, fixed: boolean, onChoose: (choice: string) => void }} props */
function Models({ provider, current, fixed, onChoose }) {
  const [own, setOwn] = useState("");
  const { models } = provider;
  const listed = models.some(({ choice }) => choice === current);
  const mine = current.split(":")[0] === provider.name;
  const context = models.find(({ choice }) => choice === current)?.context_tokens;
  const select = `models-${provider.name}`;
  return html`
    ${provider.fault && html`<p class="note note--trouble">${provider.fault.detail} ${provider.fault.cure ?? ""}</p>`}
    ${provider.name !== "offline" && models.length === 0 && !provider.fault && html`<p class="quiet">No models were found at its address.</p>`}
    <div class="field-group">
      ${provider.name === "offline"
        ? html`<p class="quiet">Finds what you have written, quotes it, rolls dice, draws names and complications. It needs no
              network and no key, and writes nothing freely.</p>
            ${!mine && html`<div><button type="button" class="button" disabled=${fixed} onClick=${() => onChoose("offline")}>Let it answer</button></div>`}`
        : models.length > 0 &&
          html`<label for=${select}>Model</label>
            <select id=${select} class="field" disabled=${fixed} value=${mine && listed ? current : ""}
              onChange=${(/** @type {any} */ event) => event.currentTarget.value && onChoose(event.currentTarget.value)}>
              ${!(mine && listed) && html`<option value="">${mine ? current.replace(/^[^:]+:/, "") : "Choose…"}</option>`}
              ${models.map(({ choice, name }) => html`<option value=${choice}>${name}</option>`)}
            </select>
            ${context && html`<p class="quiet">It can take in about ${context.toLocaleString()} tokens of talk and campaign.</p>`}`}
    </div>
    ${provider.name !== "offline" &&
    html`<details class="more">
      <summary>Another model by its name</summary>
      <form class="field-row" onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        if (own.trim()) onChoose(`${provider.name}:${own.trim()}`);
      }}>
        <input class="field" aria-label=${`Name of a model of ${provider.label}`} value=${own} autocomplete="off" spellcheck=${false}
          onInput=${(/** @type {any} */ event) => setOwn(event.currentTarget.value)} disabled=${fixed} />
        <button type="submit" class="button" disabled=${fixed || !own.trim()}>Choose</button>
      </form>
    </details>`}`;
}

/** @param {{ provider: Provider }} props */
function Test({ provider }) {
  const { models } = useDesk();
  const [result, setResult] = useState(/** @type {{ ok: boolean, words: string } | null} */ (null));
  const [asking, setAsking] = useState(false);
  const test = async () => {
    setAsking(true);
    setResult(null);
    try {
      const { ok, models: found, fault } = await models.test(provider.name);
      const count = found?.length === 1 ? "one model" : `${found?.length ?? 0} models`;
      setResult({ ok, words: ok ? `It answers and offers ${count}.` : `${fault?.detail ?? "It does not answer."} ${fault?.cure ?? ""}` });
      if (ok) models.load();
    } catch (error) {
      setResult({ ok: false, words: /** @type {any} */ (error).detail ?? String(error) });
    }
    setAsking(false);
  };
  return html`<div class="provider__test">
    <button type="button" class="button" onClick=${test} disabled=${asking || (provider.needs_key && !provider.has_key)}>${asking ? "Asking…" : "Test"}</button>
    <p class=${`test-result ${result ? (result.ok ? "test-result--ok" : "test-result--bad") : ""}`} role="status">
      ${result && html`<${Icon} name=${result.ok ? "circle-check" : "circle-alert"} />${result.words}`}</p>
  </div>`;
}
