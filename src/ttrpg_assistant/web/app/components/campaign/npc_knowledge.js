import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { Icon, IconButton } from "../icon.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/** Why an NPC knows something. @type {Record<string, string>} */
const BECAUSE = { public: t.everyoneKnows, told: t.wasTold, group: t.throughGroup };

/** What an NPC knows, and so may speak of. @param {{ npc: any }} props */
export function NpcKnowledge({ npc }) {
  const { api } = useApp();
  const [text, setText] = useState("");
  const { value, pull } = useFetched(
    (signal) => api.get(`/api/npcs/${npc.id}/knowledge?limit=100`, { signal }),
    [npc.id],
    ofCampaign(npc.campaign_id),
  );
  const tell = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    attempt(async () => {
      await api.post(`/api/npcs/${npc.id}/knowledge`, { text: text.trim() });
      setText("");
      await pull();
    });
  };
  const forget = (/** @type {any} */ fact) =>
    attempt(async () => {
      await api.delete(`/api/npcs/${npc.id}/knowledge/${fact.id}`);
      toast(t.forgotten(npc.name), {
        label: controls.undo,
        run: () => api.post(`/api/npcs/${npc.id}/knowledge`, { fact_id: fact.id }),
      });
    });
  /** @type {any[]} */
  const knowledge = value?.knowledge ?? [];
  return html`<section class="npc__knows" aria-label=${t.knowsWhat(npc.name)}>
    <h2>${t.knows}</h2>
    ${value && knowledge.length === 0 && html`<p class="quiet">${t.knowsNothing(npc.name)}</p>`}
    <ul class="known-list">${knowledge.map(
      ({
        fact,
        because,
      }) => html`<li key=${fact.id}><span>${fact.text} <span class="chip chip--known">${BECAUSE[because]}</span></span>
      ${because === "told" && html`<${IconButton} icon="x" label=${t.forget(npc.name)} onClick=${() => forget(fact)} />`}</li>`,
    )}</ul>
    <form class="one-line" onSubmit=${tell}>
      <label class="sr-only" for="tell-npc">${t.tellSomething(npc.name)}</label>
      <input id="tell-npc" class="field" type="text" placeholder=${t.tellSomething(npc.name)} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button" disabled=${text.trim() === ""}><${Icon} name="plus" /> ${t.tell}</button>
    </form>
  </section>`;
}
