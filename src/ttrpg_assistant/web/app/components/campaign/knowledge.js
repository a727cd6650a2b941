import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { offerUndo } from "../../state/campaign/campaign_actions.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon, IconButton } from "../icon.js";
import { attempt } from "../../state/notices.js";
import { FactForm } from "./fact_form.js";
import { GmOnlySign } from "./gm_only.js";
import { LoadFailed } from "./load_failed.js";
import { Mentions } from "./mentions.js";
import { STEPS, canonMark } from "../../models/canon.js";
import { knowersOfFact } from "../../models/fact_edit.js";
import { facts as factWords } from "../../words/en/facts.js";
import { canon as words } from "../../words/en/canon.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/** What is true in the world, and who knows it. @param {{ campaignId: string }} props */
export function Knowledge({ campaignId }) {
  const app = useApp();
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  const [editing, setEditing] = useState(/** @type {any} */ (null));
  const search = useSettled(typed);
  const [step, setStep] = useState("");
  const { value, fault, pull } = useFetched(
    (signal) =>
      app.api.get(
        `/api/campaigns/${campaignId}/facts?limit=200&search=${encodeURIComponent(search)}${step && `&canon=${step}`}`,
        { signal },
      ),
    [campaignId, search, step],
    ofCampaign(campaignId),
  );
  /** @type {any[] | null} */
  const facts = value?.facts ?? null;
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    attempt(async () => {
      await app.api.post(`/api/campaigns/${campaignId}/facts`, { id: newId(), text: text.trim() });
      setText("");
      await pull();
    });
  };
  const drop = (/** @type {any} */ fact) =>
    attempt(async () => {
      const { removal_id: removal } = await app.api.delete(`/api/facts/${fact.id}`);
      offerUndo(app, t.factDeleted, removal);
    });
  return html`<section class="section" aria-label=${t.facts}>
    <form class="one-line" onSubmit=${add}>
      <label class="sr-only" for="new-fact">${t.newFact}</label>
      <input id="new-fact" class="field" type="text" placeholder=${t.newFactHint} value=${text}
        onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button" disabled=${text.trim() === ""}><${Icon} name="plus" /> ${t.addFact}</button>
    </form>
    <div class="section__head">
      <label class="search"><${Icon} name="search" /><span class="sr-only">${t.findFacts}</span>
        <input type="search" class="search__text" placeholder=${t.findFacts} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
      <label class="sr-only" for="facts-canon">${words.canon}</label>
      <select id="facts-canon" class="field field--short" onChange=${(/** @type {any} */ event) => setStep(event.currentTarget.value)}>
        ${[["", words.anyStep], ...STEPS].map(([value, named]) => html`<option key=${value} value=${value} selected=${value === step}>${named}</option>`)}
      </select>
    </div>
    ${fault && !facts && html`<${LoadFailed} fault=${fault} onRetry=${pull} />`}
    ${facts?.length === 0 && html`<p class="quiet">${search || step ? t.factsNoMatch : t.factsEmpty}${search && html` <button type="button" class="link-button" onClick=${() => setTyped("")}>${controls.showAll}</button>`}</p>`}
    <ul class="facts-list">
      ${facts?.map(
        (fact) => html`<li class=${`fact ${fact.audience === "gm" ? "fact--secret" : ""}`} key=${fact.id}>
        <div class="fact__main"><p class="fact__text">${fact.text}${fact.is_false && html` <span class="chip">${factWords.falseMark}</span>`}${canonMark(fact.canon) && html` <span class=${`chip chip--step-${fact.canon}`}>${canonMark(fact.canon)}</span>`}</p><${Audience} fact=${fact} /></div>
        <div class="card__tools">
          <${IconButton} icon="pencil" label=${t.editFact} onClick=${() => setEditing(fact)} />
          <${IconButton} icon="trash-2" label=${t.deleteFact} onClick=${() => drop(fact)} />
        </div></li>`,
      )}
    </ul>
    ${value?.has_more && html`<p class="quiet">${t.more}</p>`}
    ${search && html`<${Mentions} campaignId=${campaignId} search=${search} />`}
    ${editing && html`<${FactForm} fact=${editing} campaignId=${campaignId} onClose=${() => setEditing(null)} onSaved=${pull} />`}
  </section>`;
}

/** Who knows it, in words. @param {{ fact: any }} props */
export function Audience({ fact }) {
  if (fact.audience === "gm") return html`<p class="fact__who"><${GmOnlySign} /></p>`;
  const knowers = knowersOfFact(fact);
  return html`<p class="fact__who">${knowers.length === 0 && html`<span class="quiet">${t.noOneKnows}</span>`}
    ${knowers.map(({ icon, words }) => html`<span class="chip chip--known" key=${words}><${Icon} name=${icon} /> ${words}</span>`)}</p>`;
}
