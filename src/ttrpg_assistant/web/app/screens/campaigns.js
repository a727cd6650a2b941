import { useState } from "preact/hooks";
import { html } from "../html.js";
import { EntityForm } from "../components/campaign/entity_form.js";
import { Icon, IconButton } from "../components/icon.js";
import { playDayWords } from "../models/play_days.js";
import { navigate } from "../router.js";
import { SAMPLE_ID, loadSample, putAway, remove, removeSample, takeOut } from "../state/campaign_actions.js";
import { KINDS } from "../state/campaign_kinds.js";
import { ofCampaign, useFetched, useSettled } from "../state/fetched.js";
import { useApp } from "../state/app.js";

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
      <h1 class="book__title">Campaigns</h1>
      ${
        !isEmpty &&
        html`<div class="book__deeds">
        <a class="button" href="/wizard"><${Icon} name="list" /> In eight steps</a>
        <a class="button" href="/import"><${Icon} name="upload" /> Import</a>
        <button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> New campaign</button>
      </div>`
      }
    </header>
    ${fault && !campaigns && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>Retry</button></p>`}
    ${
      isEmpty
        ? html`<${FirstPage} onMake=${() => setMaking(true)} onSample=${sample} />`
        : campaigns &&
          html`<div class="section__head">
          <label class="search"><${Icon} name="search" /><span class="sr-only">Search campaigns</span>
            <input type="search" class="search__text" placeholder="Search campaigns" value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
          <label class="check check--small"><input type="checkbox" checked=${archived} onChange=${(/** @type {any} */ event) => setArchived(event.currentTarget.checked)} /> Include archived</label>
        </div>`
    }
    ${campaigns?.length === 0 && !isEmpty && html`<p class="quiet">No campaign by that name.</p>`}
    <ul class="campaign-list">${campaigns?.map((campaign) => html`<${Spine} key=${campaign.id} campaign=${campaign} />`)}</ul>
    ${campaigns && !isEmpty && !hasSample && search === "" && html`<p class="quiet shelf__sample">New here? <button type="button" class="link-button" onClick=${sample}>Load the sample campaign</button> and look around; it goes away as easily.</p>`}
    ${making && html`<${EntityForm} kind=${KIND} campaignId=${null} onClose=${() => setMaking(false)} onSaved=${(/** @type {any} */ made) => navigate(`/campaigns/${made.id}`)} />`}
  </div></div>`;
}

/** @param {{ onMake: () => void, onSample: () => void }} props */
function FirstPage({ onMake, onSample }) {
  return html`<div class="empty">
    <h2 class="empty__title">A campaign book, still blank</h2>
    <p>Write down a name, and the chat knows your world from then on: its NPCs, its locations, its secrets, and what happened last time. No model is needed for any of it.</p>
    <div class="button-row">
      <button type="button" class="button button--accent" onClick=${onMake}><${Icon} name="plus" /> Begin a campaign</button>
      <a class="button" href="/wizard"><${Icon} name="list" /> In eight steps</a>
      <button type="button" class="button" onClick=${onSample}><${Icon} name="book-open" /> Load the sample campaign</button>
      <a class="button" href="/import"><${Icon} name="upload" /> Import</a>
    </div>
    <p class="quiet">The sample has NPCs, locations, secrets and the notes of a game session. One press removes it again.</p>
  </div>`;
}

/** One campaign on the shelf. @param {{ campaign: any }} props */
function Spine({ campaign }) {
  const app = useApp();
  const isSample = campaign.id === SAMPLE_ID;
  return html`<li class=${`spine ${campaign.archived_at ? "spine--away" : ""}`}>
    <div class="spine__main">
      <h2 class="spine__name"><a href=${`/campaigns/${campaign.id}`}>${campaign.name}</a></h2>
      <p class="spine__system">${[campaign.system, isSample && "sample", campaign.archived_at && "archived"].filter(Boolean).join(" · ") || "No system yet"}</p>
      <p class="spine__about">${campaign.description || campaign.setting}</p>
      <p class="quiet">Last changed ${playDayWords(new Date(campaign.updated_at), new Date()).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}</p>
    </div>
    <div class="spine__tools">
      <a class="button" href=${`/session/${campaign.id}`}><${Icon} name="dices" /> To the table</a>
      ${
        isSample
          ? html`<button type="button" class="button" onClick=${() => removeSample(app)}><${Icon} name="x" /> Remove the sample</button>`
          : html`<span class="spine__icons">${
              campaign.archived_at
                ? html`<${IconButton} icon="undo-2" label=${`Unarchive ${campaign.name}`} onClick=${() => takeOut(app, KIND, campaign)} />`
                : html`<${IconButton} icon="archive" label=${`Archive ${campaign.name}`} onClick=${() => putAway(app, KIND, campaign)} />`
            }
          <${IconButton} icon="trash-2" label=${`Delete ${campaign.name}`} onClick=${() => remove(app, KIND, campaign)} /></span>`
      }
    </div>
  </li>`;
}
