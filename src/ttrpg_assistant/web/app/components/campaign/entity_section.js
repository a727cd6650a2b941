import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { navigate } from "../../router.js";
import { Icon } from "../icon.js";
import { EntityCard } from "./entity_card.js";
import { EntityForm } from "./entity_form.js";
import { useUnreadNpcs } from "../../state/conversations/unread.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/** What an empty section teaches. @type {Record<string, { words: string, first: string }>} */
const EMPTY = {
  npc: { words: t.npcEmpty, first: t.npcFirst },
  location: { words: t.locationEmpty, first: t.locationFirst },
  plot_point: { words: t.plotPointEmpty, first: t.plotPointFirst },
  game_session: { words: t.gameSessionEmpty, first: t.gameSessionFirst },
};

/** How many are listed at once; each "more" shows four times as many, at most what one answer holds. */
const FIRST = 60;
const MOST = 500;

/**
 * A list of one kind: search, cards, and a way to make a new one.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, campaignId: string, tools?: (entity: any) => any }} props
 */
export function EntitySection({ kind, campaignId, tools }) {
  const { api } = useApp();
  const [query, setQuery] = useState("");
  const [archived, setArchived] = useState(false);
  const [limit, setLimit] = useState(FIRST);
  const [making, setMaking] = useState(false);
  const search = useSettled(query);
  const unread = useUnreadNpcs(kind.name === "npc" ? campaignId : null);
  const { value, fault, pull } = useFetched(
    (signal) =>
      api.get(
        `/api/campaigns/${campaignId}/${kind.path}?limit=${limit}&archived=${archived ? "all" : "no"}&search=${encodeURIComponent(search)}`,
        { signal },
      ),
    [kind.name, campaignId, search, archived, limit],
    ofCampaign(campaignId),
  );
  const items = value?.[kind.plural] ?? null;
  const isEmpty = items?.length === 0 && search === "" && !archived;
  return html`<section class="section" aria-label=${kind.titles}>
    <div class="section__head">
      <label class="search"><${Icon} name="search" /><span class="sr-only">${kind.searchTitle}</span>
        <input type="search" class="search__text" placeholder=${kind.searchTitle} value=${query}
          onInput=${(/** @type {any} */ event) => setQuery(event.currentTarget.value)} /></label>
      <label class="check check--small"><input type="checkbox" checked=${archived} onChange=${(/** @type {any} */ event) => setArchived(event.currentTarget.checked)} /> ${t.archivedToo}</label>
      ${!isEmpty && html`<button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${t.newButton}</button>`}
    </div>
    ${fault && !items && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    ${
      isEmpty &&
      html`<div class="empty empty--section"><p>${EMPTY[kind.name].words}</p>
      <button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${EMPTY[kind.name].first}</button></div>`
    }
    ${items?.length === 0 && !isEmpty && html`<p class="quiet">${t.noMatches}${search && html` <button type="button" class="link-button" onClick=${() => setQuery("")}>${controls.showAll}</button>`}</p>`}
    <ul class="cards">${items?.map((/** @type {any} */ entity) => html`<${EntityCard} key=${entity.id} kind=${kind} entity=${entity} unread=${unread.get(entity.id)}>${tools?.(entity)}</${EntityCard}>`)}</ul>
    ${
      value?.has_more &&
      (limit < MOST
        ? html`<button type="button" class="button" onClick=${() => setLimit(Math.min(MOST, limit * 4))}>${controls.showMore}</button>`
        : html`<p class="quiet">${t.more}</p>`)
    }
    ${
      making &&
      html`<${EntityForm} kind=${kind} campaignId=${campaignId} onClose=${() => setMaking(false)}
      onSaved=${(/** @type {any} */ made) => kind.name === "npc" && search !== "" && navigate(`/npcs/${made.id}`)} />`
    }
  </section>`;
}
