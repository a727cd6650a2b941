import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { press } from "../../state/campaign_actions.js";
import { KINDS, pathOf } from "../../state/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { GmOnly } from "../campaign/gm_only.js";
import { Icon } from "../icon.js";
import { addEvent } from "./events.js";
import { HandList, PresentToggle } from "./hand_list.js";
import { presentFirst } from "./people.js";
import { table as t } from "../../words/en/table.js";

/** Places at hand, where the party is first. @param {{ campaignId: string, gameSession: any }} props */
export function Places({ campaignId, gameSession }) {
  return html`<${HandList} kind=${KINDS.location} campaignId=${campaignId} order=${presentFirst} empty=${t.locationsEmpty}
    line=${(/** @type {any} */ place) => html`<${Place} place=${place} gameSession=${gameSession} />`} />`;
}

/** @param {{ place: any, gameSession: any }} props */
function Place({ place, gameSession }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const toggle = async () => {
    const saved = await press(app, KINDS.location, place, { is_present: !place.is_present });
    if (saved) addEvent(app, gameSession, saved.is_present ? "arrives" : "moves_on", place.name, KINDS.location, place);
  };
  return html`<div class="person">
    <div class="person__head">
      <${PresentToggle} on=${place.is_present} name=${place.name} words=${[t.partyHere, t.partyNotHere]} onToggle=${toggle} />
      <button type="button" class="person__name" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>
        <strong>${place.name}</strong>${place.kind && html`<span>${place.kind}</span>`}</button>
      <a class="icon-button" href=${pathOf(KINDS.location, place)} aria-label=${t.openOne(place.name)} title=${t.open}><${Icon} name="book-open" /></a>
    </div>
    ${
      (open || place.is_present) &&
      html`<div class="person__more">
      ${place.description && html`<p>${place.description}</p>`}
      ${place.features.length > 0 && html`<ul class="value-lines">${place.features.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`}
      ${open && (place.secrets.length > 0 || place.gm_notes) && html`<${GmOnly}>${place.secrets.length > 0 && html`<ul class="value-lines">${place.secrets.map((/** @type {any} */ secret) => html`<li>${secret.text}</li>`)}</ul>`}${place.gm_notes && html`<p>${place.gm_notes}</p>`}</${GmOnly}>`}
    </div>`
    }
  </div>`;
}
