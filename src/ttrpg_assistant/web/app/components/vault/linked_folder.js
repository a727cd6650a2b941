import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { dayInSentence } from "../../models/play_days.js";
import { useApp } from "../../state/app.js";
import { findLastCampaign } from "../../state/campaign/campaign_last.js";
import { useFetched } from "../../state/fetched.js";
import { attempt, toast } from "../../state/notices.js";
import { controls } from "../../words/en/controls.js";
import { vault as t } from "../../words/en/vault.js";
import { VaultQuestions } from "./vault_questions.js";

/**
 * The folder that the campaign which was opened last is synced with.
 *
 * @typedef {{ campaign_id: string, folder: string, state: keyof typeof t.state, is_looking: boolean,
 *   synced_at: string | null, sentence: string, cure: string, notes: number,
 *   questions: import("./vault_questions.js").Question[], question_count: number,
 *   faults: { path: string, sentence: string }[], fault_count: number }} Vault
 */
export function LinkedFolder() {
  const { api } = useApp();
  const campaign = findLastCampaign();
  const id = campaign?.id;
  const fetched = useFetched(
    (signal) => (id ? api.get(pathOf(id), { signal }) : Promise.resolve({ vault: null })),
    [id],
    (hint) => hint.event === "vault" && hint.id === id,
  );
  const vault = /** @type {Vault | null} */ (fetched.value?.vault ?? null);
  const needsLook = Boolean(vault && (vault.question_count > 0 || vault.fault_count > 0 || isTroubled(vault)));
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    // It opens by itself, and never closes under anybody's hand.
    if (needsLook) setOpen(true);
  }, [needsLook]);
  if (!campaign || !fetched.value) return null;
  const put = (/** @type {Vault | null} */ next) => fetched.put({ vault: next });
  return html`<details class="import__earlier vault" open=${isOpen} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${t.title}${vault && html`<span class="quiet vault__now">${stateWords(vault)}</span>`}</summary>
    <div class="vault__inside"><p class="quiet">${t.intro(campaign.name)} ${t.yours}</p>
    ${vault ? html`<${Linked} vault=${vault} put=${put} />` : html`<${LinkForm} campaignId=${campaign.id} put=${put} />`}
    </div></details>`;
}

/** Whether the folder cannot be looked at. @param {Vault} vault */
function isTroubled(vault) {
  return vault.state === "missing" || vault.state === "failed";
}

/** How both sides are, in a few words. @param {Vault} vault */
function stateWords(vault) {
  return vault.state === "synced" && vault.question_count > 0 ? t.waiting(vault.question_count) : t.state[vault.state];
}

/** @param {string} campaignId */
function pathOf(campaignId) {
  return `/api/campaigns/${campaignId}/vault`;
}

/** @param {{ campaignId: string, put: (vault: Vault | null) => void }} props */
function LinkForm({ campaignId, put }) {
  const { api } = useApp();
  const [folder, setFolder] = useState("");
  const [isBusy, setBusy] = useState(false);
  const link = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => put(await api.put(pathOf(campaignId), { folder: folder.trim() })));
    setBusy(false);
  };
  return html`<form class="import__paste" onSubmit=${link}>
    <label class="import__field">${t.folder}<input class="field" value=${folder} placeholder=${t.example} autocomplete="off"
      spellcheck=${false} onInput=${(/** @type {any} */ event) => setFolder(event.currentTarget.value)} /></label>
    <div class="button-row"><button type="submit" class="button" disabled=${isBusy || folder.trim() === ""}>${t.link}</button></div>
  </form>`;
}

/** @param {{ vault: Vault, put: (vault: Vault | null) => void }} props */
function Linked({ vault, put }) {
  const { api } = useApp();
  const [isBusy, setBusy] = useState(false);
  const [isSure, setSure] = useState(false);
  const path = pathOf(vault.campaign_id);
  const ask = async (/** @type {() => Promise<Vault | null>} */ deed) => {
    setBusy(true);
    await attempt(async () => put(await deed()));
    setBusy(false);
  };
  const isPaused = vault.state === "paused";
  const isTrouble = isTroubled(vault);
  const unlink = () =>
    ask(async () => {
      await api.delete(path);
      toast(t.unlinked);
      return null;
    });
  return html`
    <p class="vault__folder"><code>${vault.folder}</code></p>
    <p class=${isTrouble ? "note note--trouble" : "vault__state"} role="status">
      ${vault.is_looking || isBusy ? t.looking : vault.sentence || stateWords(vault)} ${vault.cure}
      ${!isTrouble && html`<span class="quiet"> ${t.notes(vault.notes)}${vault.synced_at ? `, ${t.last(dayInSentence(new Date(vault.synced_at)))}` : ""}</span>`}
    </p>
    <div class="button-row">
      <button type="button" class="button button--small" disabled=${isBusy || isPaused} onClick=${() => ask(() => api.post(`${path}/sync`))}>${t.sync}</button>
      <button type="button" class="button button--small" disabled=${isBusy} onClick=${() => ask(() => api.post(`${path}/pause`, { paused: !isPaused }))}>${isPaused ? t.goOn : t.pause}</button>
      ${
        isSure
          ? html`<button type="button" class="button button--small" disabled=${isBusy} onClick=${unlink}>${t.unlinkSure}</button>
            <button type="button" class="button button--small" onClick=${() => setSure(false)}>${controls.cancel}</button>
            <span class="quiet">${t.unlinkWords}</span>`
          : html`<button type="button" class="button button--small" disabled=${isBusy} onClick=${() => setSure(true)}>${t.unlink}</button>`
      }
    </div>
    <${VaultQuestions} vault=${vault} isBusy=${isBusy} answer=${(/** @type {any} */ body) => ask(() => api.post(`${path}/answers`, body, { patience: 60_000 }))} />
    ${
      vault.fault_count > 0 &&
      html`<details><summary><${Icon} name="circle-alert" /> ${t.faults(vault.fault_count)}</summary>
      <ul>${vault.faults.map((one) => html`<li key=${one.path + one.sentence}><code>${one.path}</code>: ${one.sentence}</li>`)}</ul></details>`
    }`;
}
