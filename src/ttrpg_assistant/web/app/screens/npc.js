import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { ExportCard } from "../components/archive/export_dialog.js";
import { CanonSteps } from "../components/campaign/canon_steps.js";
import { knownNames, useChoices } from "../components/campaign/choices.js";
import { EntityFacts } from "../components/campaign/entity_facts.js";
import { EntityForm } from "../components/campaign/entity_form.js";
import { EntityActions } from "../components/campaign/entity_sheet.js";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { NpcHistory } from "../components/campaign/npc_history.js";
import { NpcKnowledge } from "../components/campaign/npc_knowledge.js";
import { Relations } from "../components/campaign/relations.js";
import { Sources } from "../components/campaign/sources.js";
import { Icon, IconButton } from "../components/icon.js";
import { NpcTalkPanel } from "../components/npc_talk/npc_talk_panel.js";
import { Gallery } from "../components/pictures/gallery.js";
import { PortraitFrame } from "../components/pictures/portrait_frame.js";
import { navigate, query } from "../router.js";
import { KINDS } from "../state/campaign/campaign_kinds.js";
import { rememberCampaign } from "../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { campaign as t } from "../words/en/campaign.js";
import { shell } from "../words/en/shell.js";
import { npcScreen } from "../words/en/npc_screen.js";

const KIND = KINDS.npc;

/** One NPC: the sheet at the left, talk at the right. @param {{ id: string }} props */
export default function NpcScreen({ id }) {
  const { api } = useApp();
  const {
    value: npc,
    fault,
    pull,
    put,
  } = useFetched((signal) => api.get(`/api/npcs/${id}`, { signal }), [id], ofCampaign(null));
  // On a phone one of both is seen: the talk, when it is what was asked for.
  const [seen, setSeen] = useState("sheet");
  useEffect(() => {
    if (/[?&](conversation|talk)=/.test(query.value)) setSeen("talk");
  }, [query.value]);
  useEffect(() => {
    if (npc) document.title = shell.pageTitle(npc.name);
  }, [npc?.name]);
  if (!npc)
    return html`<div class="book"><div class="book__page">${fault && html`<${LoadFailed} fault=${fault} onRetry=${pull} />`}</div></div>`;
  const tab = (
    /** @type {string} */ name,
    /** @type {string} */ label,
    /** @type {string} */ icon,
  ) => html`<button type="button" role="tab" aria-selected=${seen === name ? "true" : "false"} onClick=${() => setSeen(name)}>
    <${Icon} name=${icon} /><span>${label}</span></button>`;
  return html`<div class="npc" data-seen=${seen}>
    <div class="table__tabs" role="tablist" aria-label=${npc.name}>${tab("sheet", npcScreen.sheet, "user")}${tab("talk", npcScreen.chat, "messages-square")}</div>
    <${Sheet} npc=${npc} onSaved=${put} />
    <section class="npc__talk" aria-label=${npcScreen.chatWith(npc.name)}><${TalkSlot} npc=${npc} /></section>
  </div>`;
}

/** @param {{ npc: any, onSaved: (npc: any) => void }} props */
function Sheet({ npc, onSaved }) {
  const { api } = useApp();
  const [editing, setEditing] = useState(false);
  const choices = useChoices(npc.campaign_id, KIND);
  const { value: campaign } = useFetched(
    (signal) => api.get(`/api/campaigns/${npc.campaign_id}`, { signal }),
    [npc.campaign_id],
    ofCampaign(npc.campaign_id),
  );
  useEffect(() => {
    if (campaign) rememberCampaign(campaign);
  }, [campaign?.id, campaign?.name]);
  return html`<div class="npc__sheet" tabindex="0" role="region" aria-label=${npcScreen.sheet}>
    <header class="npc__head">
      <p class="book__over"><a href=${`/campaigns/${npc.campaign_id}?part=npcs`}>${campaign?.name ?? KINDS.campaign.title}</a></p>
      <div class="pictured">
        <${PortraitFrame} key=${npc.id} campaignId=${npc.campaign_id} kind=${KIND.name} thingId=${npc.id} name=${npc.name} />
        <div class="pictured__words">
          <div class="npc__name"><h1 class="book__title">${npc.name}</h1>
            <${IconButton} icon="pencil" label=${npcScreen.edit(npc.name)} onClick=${() => setEditing(true)} /></div>
          <p class="npc__role">${[npc.role, npc.status && t.statusOf(npc.status)].filter(Boolean).join(" · ")}</p>
          ${npc.archived_at && html`<span class="chip">${npcScreen.archived}</span>`}
          ${npc.is_present && html`<span class="chip chip--known"><${Icon} name="map-pin" /> ${t.inScene}</span>`}
        </div>
      </div>
    </header>
    ${
      npc.voice_card.length > 0
        ? html`<ul class="voice-card voice-card--large">${npc.voice_card.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`
        : html`<p class="quiet">${npcScreen.noVoiceCard(npc.name)} <button type="button" class="link-button" onClick=${() => setEditing(true)}>${npcScreen.writeVoiceCard}</button></p>`
    }
    <${EntityFacts} kind=${KIND} entity=${npc} known=${knownNames(choices)} skip=${["role", "status", "voice_card", "is_present", "canon"]}>
      <${NpcKnowledge} npc=${npc} />
    </${EntityFacts}>
    <${Gallery} key=${npc.id} campaignId=${npc.campaign_id} kind=${KIND} thingId=${npc.id} name=${npc.name} />
    <${Relations} key=${npc.id} campaignId=${npc.campaign_id} kind=${KIND.name} id=${npc.id} name=${npc.name} />
    <${NpcHistory} npc=${npc} />
    <${Sources} kind=${KIND} entity=${npc} />
    <${CanonSteps} kind=${KIND} entity=${npc} />
    <${EntityActions} kind=${KIND} entity=${npc} onEdit=${() => setEditing(true)} onGone=${() => navigate(`/campaigns/${npc.campaign_id}?part=npcs`)}>
      <${ExportCard} npc=${npc} />
    </${EntityActions}>
    ${editing && html`<${EntityForm} kind=${KIND} campaignId=${npc.campaign_id} entity=${npc} onClose=${() => setEditing(false)} onSaved=${onSaved} />`}
  </div>`;
}

/** Where talk with the NPC stands. @param {{ npc: any }} props */
function TalkSlot({ npc }) {
  const asked = new URLSearchParams(query.value).get("conversation") ?? undefined;
  return html`<${NpcTalkPanel} key=${asked} npcId=${npc.id} campaignId=${npc.campaign_id} conversationId=${asked} />`;
}
