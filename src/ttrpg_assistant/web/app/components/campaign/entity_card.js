import { html } from "../../html.js";
import { PLOT_STEPS, isSecret, nameOf, pathOf } from "../../state/campaign/campaign_kinds.js";
import { Icon } from "../icon.js";
import { Portrait } from "../pictures/portrait.js";
import { UnreadMark } from "../unread_mark.js";
import { GmOnlySign } from "./gm_only.js";
import { cutText } from "../../models/characters.js";
import { campaign as t } from "../../words/en/campaign.js";

/** The state of a game session. @type {Record<string, string>} */
const STATUS = { planned: t.sessionPlanned, running: t.sessionRunning, ended: t.sessionEnded };

/**
 * One thing in a list: what it is called, one quiet line, and what tells it apart.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, entity: any, unread?: number, children?: any }} props
 */
export function EntityCard({ kind, entity, unread, children }) {
  const secret = isSecret(kind, entity);
  const hasSecrets = (entity.secrets?.length ?? 0) > 0 || Boolean(entity.gm_notes) || Boolean(entity.plan);
  return html`<li class=${`card ${secret ? "card--secret" : ""} ${entity.archived_at ? "card--away" : ""}`} data-entity-id=${entity.id}>
    ${kind.pictured && html`<${Portrait} campaignId=${entity.campaign_id} thingId=${entity.id} name=${nameOf(kind, entity)} />`}
    <div class="card__main">
      <h2 class="card__name"><a href=${pathOf(kind, entity)}>${nameOf(kind, entity)}</a> <${UnreadMark} count=${unread} /></h2>
      <p class="card__line">${lineOf(kind, entity)}</p>
      <p class="card__marks">
        ${entity.is_present && html`<span class="chip chip--known"><${Icon} name="map-pin" /> ${kind.name === "location" ? t.partyIsHere : t.inScene}</span>`}
        ${kind.name === "plot_point" && html`<span class=${`chip chip--step-${entity.status}`}>${PLOT_STEPS.find(([step]) => step === entity.status)?.[1]}</span>`}
        ${kind.name === "plot_point" && !entity.is_open && html`<span class="chip">${t.resolved}</span>`}
        ${kind.name === "game_session" && html`<span class=${`chip ${entity.status === "running" ? "chip--known" : ""}`}>${STATUS[entity.status] ?? entity.status}</span>`}
        ${entity.archived_at && html`<span class="chip">${t.archived}</span>`}
        ${secret && html`<${GmOnlySign} />`}
        ${!secret && hasSecrets && html`<span class="gm-sign" title=${t.gmOnlyParts}><${Icon} name="eye-off" label=${t.gmOnlyParts} /></span>`}
      </p>
    </div>
    ${children && html`<div class="card__tools">${children}</div>`}
  </li>`;
}

/** @param {import("../../state/campaign/campaign_kinds.js").Kind} kind @param {any} entity */
function lineOf(kind, entity) {
  if (kind.name === "npc")
    return (
      [entity.role, entity.status && t.statusOf(entity.status)].filter(Boolean).join(" · ") || first(entity.personality)
    );
  if (kind.name === "location") return [entity.kind, first(entity.description)].filter(Boolean).join(" · ");
  if (kind.name === "plot_point") return first(entity.description);
  return first(entity.recap_players || entity.plan);
}

/** The first sentence or so. @param {string} text */
function first(text) {
  const line = (text ?? "").split("\n")[0];
  return line.length > 140
    ? `${cutText(line, line.lastIndexOf(" ", 140) > 70 ? line.lastIndexOf(" ", 140) : 140)} …`
    : line;
}
