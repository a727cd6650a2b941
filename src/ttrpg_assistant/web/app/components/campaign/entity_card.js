import { html } from "../../html.js";
import { isSecret, nameOf, pathOf } from "../../state/campaign/campaign_kinds.js";
import { Icon } from "../icon.js";
import { Portrait } from "../pictures/portrait.js";
import { UnreadMark } from "../unread_mark.js";
import { GmOnlySign } from "./gm_only.js";
import { cardAudience, cardChoices, cardLine } from "../../models/card_words.js";
import { StatChips } from "./stat_numbers.js";
import { isEmpty } from "./values.js";
import { campaign as t } from "../../words/en/campaign.js";

/** Numbers of a stat block on a card. */
const FEW_STATS = 4;

/** The state of a game session. @type {Record<string, string>} */
const STATUS = { planned: t.sessionPlanned, running: t.sessionRunning, ended: t.sessionEnded };

/**
 * One thing in a list: what it is called, one quiet line, and what tells it apart.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, entity: any, unread?: number, before?: any, children?: any }} props
 *   `before` stands at its beginning
 */
export function EntityCard({ kind, entity, unread, before, children }) {
  const secret = isSecret(kind, entity);
  const hasSecrets = kind.fields.some(({ name, gmOnly }) => gmOnly && !isEmpty(entity[name]));
  const audience = cardAudience(kind, entity);
  return html`<li class=${`card ${secret ? "card--secret" : ""} ${entity.archived_at ? "card--away" : ""}`} data-entity-id=${entity.id}>
    ${before}
    ${kind.pictured && html`<${Portrait} campaignId=${entity.campaign_id} thingId=${entity.id} name=${nameOf(kind, entity)} />`}
    <div class="card__main">
      <h2 class="card__name"><a href=${pathOf(kind, entity)}>${nameOf(kind, entity)}</a> <${UnreadMark} count=${unread} /></h2>
      <p class="card__line">${cardLine(kind, entity)}</p>
      <p class="card__marks">
        ${entity.is_present && html`<span class="chip chip--known"><${Icon} name="map-pin" /> ${kind.name === "location" ? t.partyIsHere : t.inScene}</span>`}
        ${cardChoices(kind, entity).map(({ value, words }) => html`<span class=${`chip chip--step-${value}`} key=${words}>${words}</span>`)}
        ${kind.name === "plot_point" && !entity.is_open && html`<span class="chip">${t.resolved}</span>`}
        ${kind.name === "game_session" && html`<span class=${`chip ${entity.status === "running" ? "chip--known" : ""}`}>${STATUS[entity.status] ?? entity.status}</span>`}
        ${audience && html`<span class="chip">${audience}</span>`}
        <${StatChips} numbers=${entity.numbers} most=${FEW_STATS} />
        ${entity.tags?.map((/** @type {string} */ tag) => html`<span class="chip chip--tag" key=${tag}>${tag}</span>`)}
        ${entity.archived_at && html`<span class="chip">${t.archived}</span>`}
        ${secret && html`<${GmOnlySign} />`}
        ${!secret && hasSecrets && html`<span class="gm-sign" title=${t.gmOnlyParts}><${Icon} name="eye-off" label=${t.gmOnlyParts} /></span>`}
      </p>
    </div>
    ${children && html`<div class="card__tools">${children}</div>`}
  </li>`;
}
