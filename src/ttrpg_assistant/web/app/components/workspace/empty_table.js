import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { start as words } from "../../words/en/start.js";
import { EntityForm } from "../campaign/entity_form.js";
import { Icon } from "../icon.js";
import { writeInto } from "../talk/write_into.js";

/**
 * What can be asked at the table: about what there is in this campaign, and what needs nothing.
 * @param {{ campaign: any }} props with its counts
 */
export function EmptyTable({ campaign }) {
  const [making, setMaking] = useState(false);
  if (!campaign) return null;
  const { npc: npcs = 0, game_session: gameSessions = 0, plot_point: plotPoints = 0 } = campaign.counts ?? {};
  const tries = [
    npcs > 0 && words.askNpcs,
    gameSessions > 0 && words.askLastTime,
    plotPoints > 0 && words.askOpen,
    words.askRoll,
    npcs === 0 && words.askName,
    words.askComplication,
  ].filter((text) => text !== false);
  return html`<div class="empty">
    <h2 class="empty__title">${words.table(campaign.name)}</h2>
    <p>${words.tableWords}</p>
    ${
      npcs === 0 &&
      html`<p>${words.tableNobody} <button type="button" class="button button--small" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${words.firstNpc}</button></p>`
    }
    <ul class="empty__tries">${tries.map(
      (text) => html`<li><button type="button" class="try"
        onClick=${(/** @type {Event} */ event) => writeInto(event.currentTarget, text)}>${text}</button></li>`,
    )}</ul>
    ${making && html`<${EntityForm} kind=${KINDS.npc} campaignId=${campaign.id} onClose=${() => setMaking(false)} />`}
  </div>`;
}
