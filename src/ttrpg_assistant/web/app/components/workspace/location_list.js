import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { press } from "../../state/campaign/campaign_actions.js";
import { KINDS, pathOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { GmOnly } from "../campaign/gm_only.js";
import { Icon } from "../icon.js";
import { addEvent } from "./events.js";
import { SideList, PresentToggle } from "./side_list.js";
import { presentFirst } from "./npc_list.js";
import { table as t } from "../../words/en/table.js";

/** The locations in the side panel, where the party is first. @param {{ campaignId: string, gameSession: any }} props */
export function LocationList({ campaignId, gameSession }) {
  return html`<${SideList} kind=${KINDS.location} campaignId=${campaignId} order=${presentFirst} empty=${t.locationsEmpty}
    line=${(/** @type {any} */ location) => html`<${LocationItem} location=${location} gameSession=${gameSession} />`} />`;
}

/** @param {{ location: any, gameSession: any }} props */
function LocationItem({ location, gameSession }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const toggle = async () => {
    const saved = await press(app, KINDS.location, location, { is_present: !location.is_present });
    if (saved)
      addEvent(app, gameSession, saved.is_present ? "arrives" : "moves_on", location.name, KINDS.location, location);
  };
  return html`<div class="person">
    <div class="person__head">
      <${PresentToggle} on=${location.is_present} name=${location.name} words=${[t.partyHere, t.partyNotHere]} onToggle=${toggle} />
      <button type="button" class="person__name" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>
        <strong>${location.name}</strong>${location.kind && html`<span>${location.kind}</span>`}</button>
      <a class="icon-button" href=${pathOf(KINDS.location, location)} aria-label=${t.openOne(location.name)} title=${t.open}><${Icon} name="book-open" /></a>
    </div>
    ${
      (open || location.is_present) &&
      html`<div class="person__more">
      ${location.description && html`<p>${location.description}</p>`}
      ${location.features.length > 0 && html`<ul class="value-lines">${location.features.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`}
      ${open && (location.secrets.length > 0 || location.gm_notes) && html`<${GmOnly}>${location.secrets.length > 0 && html`<ul class="value-lines">${location.secrets.map((/** @type {any} */ secret) => html`<li>${secret.text}</li>`)}</ul>`}${location.gm_notes && html`<p>${location.gm_notes}</p>`}</${GmOnly}>`}
    </div>`
    }
  </div>`;
}
