import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { offerUndo } from "../../state/campaign_actions.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon, IconButton } from "../icon.js";
import { attempt } from "../../state/notices.js";
import { FactForm } from "./fact_form.js";
import { GmOnlySign } from "./gm_only.js";
import { LoadFailed } from "./load_failed.js";
import { OnSheets } from "./on_sheets.js";

/** What is true in the world, and who knows it. @param {{ campaignId: string }} props */
export function Knowledge({ campaignId }) {
  const app = useApp();
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  const [editing, setEditing] = useState(/** @type {any} */ (null));
  const search = useSettled(typed);
  const { value, fault, pull } = useFetched(
    (signal) =>
      app.api.get(`/api/campaigns/${campaignId}/facts?limit=200&search=${encodeURIComponent(search)}`, { signal }),
    [campaignId, search],
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
      offerUndo(app, "The fact is deleted.", removal);
    });
  return html`<section class="section" aria-label="Knowledge">
    <form class="one-line" onSubmit=${add}>
      <label class="sr-only" for="new-fact">A new fact</label>
      <input id="new-fact" class="field" type="text" placeholder="Write down something true; only you know it until you say otherwise" value=${text}
        onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button" disabled=${text.trim() === ""}><${Icon} name="plus" /> Add</button>
    </form>
    <div class="section__head">
      <label class="search"><${Icon} name="search" /><span class="sr-only">Who knows about …?</span>
        <input type="search" class="search__text" placeholder="Who knows about …?" value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
    </div>
    ${fault && !facts && html`<${LoadFailed} fault=${fault} onRetry=${pull} />`}
    ${facts?.length === 0 && html`<p class="quiet">${search ? "No fact here speaks of it." : "Nothing is written down yet. What an NPC is told here, it can speak of; what it is not told, it cannot."}</p>`}
    <ul class="facts-list">
      ${facts?.map(
        (fact) => html`<li class=${`fact ${fact.audience === "gm" ? "fact--secret" : ""}`} key=${fact.id}>
        <div class="fact__main"><p class="fact__text">${fact.text}</p><${Audience} fact=${fact} /></div>
        <div class="card__tools">
          <${IconButton} icon="pencil" label="Edit who knows it" onClick=${() => setEditing(fact)} />
          <${IconButton} icon="trash-2" label="Delete this fact" onClick=${() => drop(fact)} />
        </div></li>`,
      )}
    </ul>
    ${value?.has_more && html`<p class="quiet">There are more. Search for what you need.</p>`}
    ${search && html`<${OnSheets} campaignId=${campaignId} search=${search} />`}
    ${editing && html`<${FactForm} fact=${editing} campaignId=${campaignId} onClose=${() => setEditing(null)} onSaved=${pull} />`}
  </section>`;
}

/** Who knows it, in words. @param {{ fact: any }} props */
export function Audience({ fact }) {
  if (fact.audience === "gm") return html`<p class="fact__who"><${GmOnlySign} /></p>`;
  if (fact.audience === "public")
    return html`<p class="fact__who"><span class="chip chip--known"><${Icon} name="users" /> everyone knows</span></p>`;
  return html`<p class="fact__who">${fact.listeners.length === 0 && html`<span class="quiet">Nobody has been told.</span>`}
    ${fact.listeners.map((/** @type {any} */ each) => html`<span class="chip chip--known"><${Icon} name=${each.group_name ? "users" : "user"} /> ${each.group_name ?? each.npc_name ?? "somebody who is gone"}</span>`)}</p>`;
}
