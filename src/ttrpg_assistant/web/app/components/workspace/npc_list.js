import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { press } from "../../state/campaign/campaign_actions.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { GmOnly } from "../campaign/gm_only.js";
import { Icon } from "../icon.js";
import { Portrait } from "../pictures/portrait.js";
import { rememberMode } from "../../state/talk/npc_mode.js";
import { useUnreadNpcs } from "../../state/conversations/unread.js";
import { UnreadMark } from "../unread_mark.js";
import { SideList, PresentToggle } from "./side_list.js";
import { addEvent } from "./events.js";
import { table as t } from "../../words/en/table.js";

/** The NPCs in the side panel, those in the scene first. @param {{ campaignId: string, gameSession: any }} props */
export function NpcList({ campaignId, gameSession }) {
  const unread = useUnreadNpcs(campaignId);
  return html`<${SideList} kind=${KINDS.npc} campaignId=${campaignId} order=${presentFirst} empty=${t.npcsEmpty}
    line=${(/** @type {any} */ npc) => html`<${NpcItem} npc=${npc} unread=${unread.get(npc.id)} gameSession=${gameSession} />`} />`;
}

/** @param {any} a @param {any} b */
export function presentFirst(a, b) {
  return Number(b.is_present) - Number(a.is_present);
}

/** One NPC: the voice card, and more when it is opened. @param {{ npc: any, unread?: number, gameSession: any }} props */
function NpcItem({ npc, unread, gameSession }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const toggle = async () => {
    const saved = await press(app, KINDS.npc, npc, { is_present: !npc.is_present });
    if (saved) addEvent(app, gameSession, saved.is_present ? "enters" : "leaves", npc.name, KINDS.npc, npc);
  };
  return html`<div class="person">
    <div class="person__head">
      <${PresentToggle} on=${npc.is_present} name=${npc.name} words=${[t.inScene, t.notInScene]} onToggle=${toggle} />
      <${Portrait} campaignId=${npc.campaign_id} thingId=${npc.id} name=${npc.name} />
      <button type="button" class="person__name" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>
        <strong>${npc.name}</strong>${npc.role && html`<span>${npc.role}</span>`}</button>
      <a class="button button--small" href=${`/session/${npc.campaign_id}?npc=${npc.id}`} aria-label=${unread ? t.chatWithUnread(npc.name, unread) : t.chatWith(npc.name)}><${Icon} name="message-square" /> ${t.chat} <${UnreadMark} count=${unread} /></a>
      <a class="icon-button" href=${`/session/${npc.campaign_id}?npc=${npc.id}`} aria-label=${t.speakAs(npc.name)} title=${t.speakAs(npc.name)} onClick=${() => rememberMode(npc.id, "as")}><${Icon} name="theater" /></a>
    </div>
    ${(open || npc.is_present) && npc.voice_card.length > 0 && html`<ul class="voice-card">${npc.voice_card.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`}
    ${
      open &&
      html`<div class="person__more">
      ${npc.personality && html`<p>${npc.personality}</p>`}
      ${npc.sample_lines.length > 0 && html`<p class="person__says">“${npc.sample_lines[0]}”</p>`}
      ${npc.motivations && html`<p><span class="quiet">${t.motivations}</span> ${npc.motivations}</p>`}
      ${(npc.secrets.length > 0 || npc.gm_notes) && html`<${GmOnly}>${npc.secrets.length > 0 && html`<ul class="value-lines">${npc.secrets.map((/** @type {any} */ secret) => html`<li>${secret.text}</li>`)}</ul>`}${npc.gm_notes && html`<p>${npc.gm_notes}</p>`}</${GmOnly}>`}
    </div>`
    }
  </div>`;
}
