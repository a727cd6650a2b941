import { useState } from "preact/hooks";
import { html } from "../html.js";
import { EntityForm } from "../components/campaign/entity_form.js";
import { WaysToBegin } from "../components/campaign/ways_to_begin.js";
import { Icon, IconButton } from "../components/icon.js";
import { playDayWords } from "../models/play_days.js";
import { navigate } from "../router.js";
import { SAMPLE_ID, loadSample, archive, remove, removeSample, unarchive } from "../state/campaign/campaign_actions.js";
import { KINDS } from "../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched, useSettled } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { start as words } from "../words/en/start.js";

const KIND = KINDS.campaign;

/** Every campaign; where there is none, how to begin. */
export default function CampaignsScreen() {
  const app = useApp();
  const [typed, setTyped] = useState("");
  const [archived, setArchived] = useState(false);
  const [making, setMaking] = useState(false);
  const search = useSettled(typed);
  const { value, fault, pull } = useFetched(
    (signal) =>
      app.api.get(`/api/campaigns?limit=500&archived=${archived ? "all" : "no"}&search=${encodeURIComponent(search)}`, {
        signal,
      }),
    [search, archived],
    ofCampaign(null),
  );
  /** @type {any[] | null} */
  const campaigns = value?.campaigns ?? null;
  const isEmpty = campaigns?.length === 0 && search === "" && !archived;
  const hasSample = campaigns?.some(({ id }) => id === SAMPLE_ID);
  const sample = async () => {
    const loaded = await loadSample(app);
    if (loaded) navigate(`/campaigns/${loaded.id}`);
  };
  return html`<div class="book"><div class="book__page">
    <header class="book__head">
      <h1 class="book__title">${words.campaigns}</h1>
      ${
        !isEmpty &&
        html`<div class="book__deeds">
        <a class="button" href="/wizard"><${Icon} name="list" /> ${words.steps}</a>
        <a class="button" href="/import"><${Icon} name="upload" /> ${words.import}</a>
        <button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${words.byHand}</button>
      </div>`
      }
    </header>
    ${fault && !campaigns && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${words.retry}</button></p>`}
    ${
      isEmpty
        ? html`<${FirstPage} onArchived=${() => setArchived(true)} />`
        : campaigns &&
          html`<div class="section__head">
          <label class="search"><${Icon} name="search" /><span class="sr-only">${words.search}</span>
            <input type="search" class="search__text" placeholder=${words.search} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
          <label class="check check--small"><input type="checkbox" checked=${archived} onChange=${(/** @type {any} */ event) => setArchived(event.currentTarget.checked)} /> ${words.includeArchived}</label>
        </div>`
    }
    ${campaigns?.length === 0 && !isEmpty && html`<p class="quiet">${words.noneByThatName} <button type="button" class="link-button" onClick=${() => setTyped("")}>${words.showAll}</button></p>`}
    <ul class="campaign-list">${campaigns?.map((campaign) => html`<${Spine} key=${campaign.id} campaign=${campaign} />`)}</ul>
    ${campaigns && !isEmpty && !hasSample && search === "" && html`<p class="quiet campaign-list__sample">${words.newHere} <button type="button" class="link-button" onClick=${sample}>${words.sample}</button> ${words.lookAround}</p>`}
    ${making && html`<${EntityForm} kind=${KIND} campaignId=${null} onClose=${() => setMaking(false)} onSaved=${(/** @type {any} */ made) => navigate(`/campaigns/${made.id}`)} />`}
  </div></div>`;
}

/** @param {{ onArchived: () => void }} props */
function FirstPage({ onArchived }) {
  return html`<div class="empty">
    <h2 class="empty__title">${words.noCampaign}</h2>
    <p>${words.noCampaignWords}</p>
    <${WaysToBegin} />
    <p class="quiet">${words.sampleWords}</p>
    <p class="quiet"><button type="button" class="link-button" onClick=${onArchived}>${words.showArchived}</button></p>
  </div>`;
}

/** One campaign on the shelf. @param {{ campaign: any }} props */
function Spine({ campaign }) {
  const app = useApp();
  const isSample = campaign.id === SAMPLE_ID;
  return html`<li class=${`spine ${campaign.archived_at ? "spine--away" : ""}`}>
    <div class="spine__main">
      <h2 class="spine__name"><a href=${`/campaigns/${campaign.id}`}>${campaign.name}</a></h2>
      <p class="spine__system">${[campaign.system, isSample && words.isSample, campaign.archived_at && words.archived].filter(Boolean).join(" · ") || words.noSystem}</p>
      <p class="spine__about">${campaign.description || campaign.setting}</p>
      <p class="quiet">${words.lastChanged(playDayWords(new Date(campaign.updated_at), new Date()).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase()))}</p>
    </div>
    <div class="spine__tools">
      <a class="button" href=${`/session/${campaign.id}`}><${Icon} name="dices" /> ${words.toTheTable}</a>
      ${
        isSample
          ? html`<button type="button" class="button" onClick=${() => removeSample(app)}><${Icon} name="x" /> ${words.removeSample}</button>`
          : html`<span class="spine__icons">${
              campaign.archived_at
                ? html`<${IconButton} icon="undo-2" label=${words.unarchiveNamed(campaign.name)} onClick=${() => unarchive(app, KIND, campaign)} />`
                : html`<${IconButton} icon="archive" label=${words.archiveNamed(campaign.name)} onClick=${() => archive(app, KIND, campaign)} />`
            }
          <${IconButton} icon="trash-2" label=${words.deleteNamed(campaign.name)} onClick=${() => remove(app, KIND, campaign)} /></span>`
      }
    </div>
  </li>`;
}
