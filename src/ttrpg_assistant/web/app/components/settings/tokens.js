import { useState } from "preact/hooks";
import { copyText } from "../../clipboard.js";
import { html } from "../../html.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { useApp } from "../../state/app.js";
import { useFetched } from "../../state/fetched.js";
import { attempt, toast } from "../../state/notices.js";
import { settings } from "../../words/en/settings.js";
import { tokens as t } from "../../words/en/tokens.js";
import { ask } from "../dialog.js";
import { IconButton } from "../icon.js";

/**
 * @typedef {{ id: string, campaign_name: string, name: string, scopes: string[], last_used_at: string | null }} Token
 * @typedef {{ id: string, name: string }} Campaign
 */

/** The programs that may ask about a campaign: listed, revoked, and a new one let in. */
export function Tokens() {
  const { api } = useApp();
  const { value, fault, pull } = useFetched(
    async (signal) => ({
      tokens: /** @type {Token[]} */ ((await api.get("/api/tokens", { signal })).tokens),
      campaigns: /** @type {Campaign[]} */ ((await api.get("/api/campaigns?limit=200", { signal })).campaigns),
    }),
    [],
    (hint) => hint.event === "tokens" || hint.event === "campaign",
  );
  if (fault && !value) return html`<p role="alert">${fault.detail}</p>`;
  if (!value) return html`<p class="quiet">${settings.loading}</p>`;
  const revoke = (/** @type {Token} */ token) =>
    ask({
      title: t.askRevoke(token.name),
      text: t.revokeWords,
      yes: t.revoke,
      run: () =>
        attempt(async () => {
          await api.delete(`/api/tokens/${token.id}`);
          toast(t.revoked(token.name));
          await pull();
        }),
    });
  return html`<p>${t.words}</p>
    ${value.tokens.length === 0 && html`<p class="quiet">${t.none}</p>`}
    <ul class="removals" aria-label=${t.title}>
      ${value.tokens.map(
        (token) => html`<li key=${token.id} class="removals__item">
          <div><strong>${token.name}</strong> <span class="quiet">${t.facts(token.campaign_name, token.scopes.join(", "), usedWords(token))}</span></div>
          <button type="button" class="button button--small" aria-label=${t.revokeNamed(token.name)} onClick=${() => revoke(token)}>${t.revoke}</button>
        </li>`,
      )}
    </ul>
    ${value.campaigns.length === 0 ? html`<p class="quiet">${t.noCampaign}</p>` : html`<${NewToken} campaigns=${value.campaigns} onMade=${pull} />`}`;
}

/** @param {{ campaigns: Campaign[], onMade: () => Promise<void> }} props */
function NewToken({ campaigns, onMade }) {
  const { api } = useApp();
  const [name, setName] = useState("");
  const [campaign, setCampaign] = useState("");
  const [scopes, setScopes] = useState(/** @type {string[]} */ ([]));
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState(/** @type {{ name: string, secret: string } | null} */ (null));
  const chosen = campaign || campaigns[0].id;
  const toggle = (/** @type {string} */ scope) =>
    setScopes((now) => (now.includes(scope) ? now.filter((one) => one !== scope) : [...now, scope]));
  const create = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => {
      const answer = await api.post("/api/tokens", { campaign_id: chosen, name: name.trim(), scopes });
      setMade({ name: answer.token.name, secret: answer.secret });
      setName("");
      setScopes([]);
      await onMade();
    });
    setBusy(false);
  };
  if (made) return html`<${Shown} made=${made} onDone=${() => setMade(null)} />`;
  return html`<form class="key-form" onSubmit=${create} autocomplete="off">
    <div class="field-group"><label for="token-name">${t.name}</label>
      <input id="token-name" class="field" value=${name} maxlength="80" placeholder=${t.nameHint} dir="auto"
        onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} /></div>
    <div class="field-group"><label for="token-campaign">${t.campaign}</label>
      <select id="token-campaign" class="field" value=${chosen} onChange=${(/** @type {any} */ event) => setCampaign(event.currentTarget.value)}>
        ${campaigns.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select></div>
    <fieldset class="field-group"><legend>${t.may}</legend>
      ${t.scopes.map(
        ([
          scope,
          label,
        ]) => html`<label class="check" key=${scope}><input type="checkbox" checked=${scopes.includes(scope)}
          onChange=${() => toggle(scope)} /> <span>${label} <code class="quiet">${scope}</code></span></label>`,
      )}</fieldset>
    <div class="button-row"><button type="submit" class="button" disabled=${busy || !name.trim() || scopes.length === 0}>${t.create}</button></div>
  </form>`;
}

/** The secret, this once. @param {{ made: { name: string, secret: string }, onDone: () => void }} props */
function Shown({ made, onDone }) {
  return html`<div class="key-form" role="status">
    <p>${t.shownOnce(made.name)}</p>
    <div class="field-group"><label for="token-secret">${t.secret}</label>
      <div class="field-row"><input id="token-secret" class="field" readonly value=${made.secret} spellcheck=${false}
        onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
        <${IconButton} icon="copy" label=${t.copy} onClick=${() => copyText(made.secret)} /></div></div>
    <div class="button-row"><button type="button" class="button" onClick=${onDone}>${t.done}</button></div>
  </div>`;
}

/** @param {Token} token */
function usedWords({ last_used_at: moment }) {
  if (!moment) return t.neverUsed;
  const used = new Date(moment);
  return t.lastUsed(dayInSentence(used), clock(used));
}
