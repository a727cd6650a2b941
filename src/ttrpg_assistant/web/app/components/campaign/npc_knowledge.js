import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { Icon, IconButton } from "../icon.js";

/** Why an NPC knows something. @type {Record<string, string>} */
const BECAUSE = { public: "everyone knows", told: "was told", group: "through a group" };

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
      toast(`${npc.name} does not know it any more.`, {
        label: "Undo",
        run: () => api.post(`/api/npcs/${npc.id}/knowledge`, { fact_id: fact.id }),
      });
    });
  /** @type {any[]} */
  const knowledge = value?.knowledge ?? [];
  return html`<section class="npc__knows" aria-label=${`What ${npc.name} knows`}>
    <h2>Knows</h2>
    ${value && knowledge.length === 0 && html`<p class="quiet">Nothing yet beyond the sheet above. What you tell ${npc.name} here, ${npc.name} can speak of.</p>`}
    <ul class="known-list">${knowledge.map(
      ({
        fact,
        because,
      }) => html`<li key=${fact.id}><span>${fact.text} <span class="chip chip--known">${BECAUSE[because]}</span></span>
      ${because === "told" && html`<${IconButton} icon="x" label=${`Let ${npc.name} forget it`} onClick=${() => forget(fact)} />`}</li>`,
    )}</ul>
    <form class="one-line" onSubmit=${tell}>
      <label class="sr-only" for="tell-npc">Tell ${npc.name} something</label>
      <input id="tell-npc" class="field" type="text" placeholder=${`Tell ${npc.name} something`} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button" disabled=${text.trim() === ""}><${Icon} name="plus" /> Tell</button>
    </form>
  </section>`;
}
