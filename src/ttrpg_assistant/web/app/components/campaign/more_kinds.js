import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { pathOf } from "../../state/campaign/campaign_kinds.js";
import { Icon } from "../icon.js";
import { EntityForm } from "./entity_form.js";
import { campaign as t } from "../../words/en/campaign.js";

/**
 * What else a campaign can hold: each kind with what it is, what there is of it, and a way to make one.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 *
 * @param {{ kinds: Kind[], campaignId: string, counts: Record<string, number> }} props
 */
export function MoreKinds({ kinds, campaignId, counts }) {
  const [making, setMaking] = useState(/** @type {Kind | null} */ (null));
  return html`<section class="section" aria-label=${t.moreKinds}>
    <ul class="cards">${kinds.map(
      (kind) => html`<li class="card card--kind" key=${kind.name}>
      <div class="card__main">
        <h2 class="card__name"><${Icon} name=${kind.icon} /> <a href=${`/campaigns/${campaignId}?part=${kind.listName}`}>${kind.titles}</a>${counts[kind.name] > 0 && html` <span class="parts__count">${counts[kind.name]}</span>`}</h2>
        <p class="card__line">${kind.hint}</p>
      </div>
      <div class="card__tools"><button type="button" class="button button--small" onClick=${() => setMaking(kind)}>
        <${Icon} name="plus" /> ${kind.newTitle}</button></div>
    </li>`,
    )}</ul>
    ${
      making &&
      html`<${EntityForm} kind=${making} campaignId=${campaignId} onClose=${() => setMaking(null)}
      onSaved=${(/** @type {any} */ made) => navigate(pathOf(making, made))} />`
    }
  </section>`;
}
