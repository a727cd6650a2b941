import { useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { NOTHING } from "../../models/selection.js";
import { NO_FILTERS, countFilters, listQuery } from "../../models/list_filters.js";
import { apiOfAll, listedOn } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { navigate } from "../../router.js";
import { Icon } from "../icon.js";
import { useFocus } from "../use_focus.js";
import { BulkBar, SelectBox } from "./bulk_bar.js";
import { EntityCard } from "./entity_card.js";
import { EntityForm } from "./entity_form.js";
import { ListFilters } from "./list_filters.js";
import { QuickAdd } from "./quick_add.js";
import { useUnreadNpcs } from "../../state/conversations/unread.js";
import { bulkEdit } from "../../words/en/bulk_edit.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/** How many are listed at once; each "more" shows four times as many, at most what one answer holds. */
const FIRST = 60;
const MOST = 500;

/**
 * A list of one kind: search, filters, cards, and a way to make a new one.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, campaignId: string, tools?: (entity: any) => any }} props
 */
export function EntitySection({ kind, campaignId, tools }) {
  const { api } = useApp();
  const [query, setQuery] = useState("");
  const [archived, setArchived] = useState(false);
  const [filters, setFilters] = useState(NO_FILTERS);
  const [limit, setLimit] = useState(FIRST);
  const [making, setMaking] = useState(false);
  /** Null while nothing is being selected. */
  const [selection, setSelection] = useState(
    /** @type {import("../../models/selection.js").Selection | null} */ (null),
  );
  const opener = useRef(/** @type {HTMLElement | null} */ (null));
  const focus = useFocus();
  const stopSelecting = () => {
    setSelection(null);
    focus(() => opener.current);
  };
  const search = useSettled(query);
  const unread = useUnreadNpcs(kind.name === "npc" ? campaignId : null);
  const { value, fault, pull } = useFetched(
    (signal) =>
      api.get(`${apiOfAll(kind, campaignId)}?${listQuery(kind, { search, archived, limit, filters })}`, { signal }),
    [kind.name, campaignId, search, archived, limit, filters],
    ofCampaign(campaignId),
  );
  const items = value ? listedOn(kind, value) : null;
  /** What was listed last says what there is to choose from while a list is on its way. */
  const last = useRef(/** @type {any[]} */ ([]));
  if (items) last.current = items;
  const isFiltered = countFilters(filters) > 0;
  const isEmpty = items?.length === 0 && search === "" && !archived && !isFiltered;
  return html`<section class="section" aria-label=${kind.titles}>
    <div class="section__head">
      <label class="search"><${Icon} name="search" /><span class="sr-only">${kind.searchTitle}</span>
        <input type="search" class="search__text" placeholder=${kind.searchTitle} value=${query}
          onInput=${(/** @type {any} */ event) => setQuery(event.currentTarget.value)} /></label>
      <label class="check check--small"><input type="checkbox" checked=${archived} onChange=${(/** @type {any} */ event) => setArchived(event.currentTarget.checked)} /> ${t.archivedToo}</label>
      ${kind.isThing && !isEmpty && !selection && html`<button type="button" class="button" ref=${opener} onClick=${() => setSelection(NOTHING)}><${Icon} name="list" /> ${bulkEdit.select}</button>`}
      ${!isEmpty && html`<button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${t.newButton}</button>`}
    </div>
    ${kind.isThing && html`<${QuickAdd} key=${kind.name} kind=${kind} campaignId=${campaignId} />`}
    ${kind.isThing && !isEmpty && html`<${ListFilters} kind=${kind} campaignId=${campaignId} items=${last.current} filters=${filters} onChange=${setFilters} />`}
    ${selection && html`<${BulkBar} kind=${kind} campaignId=${campaignId} items=${last.current} selection=${selection} onChange=${setSelection} onClose=${stopSelecting} />`}
    ${fault && !items && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    ${
      isEmpty &&
      html`<div class="empty empty--section"><p>${kind.emptyList}</p>
      <button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${kind.firstOfAll}</button></div>`
    }
    ${items?.length === 0 && !isEmpty && html`<p class="quiet">${t.noMatches}${search && html` <button type="button" class="link-button" onClick=${() => setQuery("")}>${controls.showAll}</button>`}</p>`}
    <ul class="cards">${items?.map(
      (
        /** @type {any} */ entity,
      ) => html`<${EntityCard} key=${entity.id} kind=${kind} entity=${entity} unread=${unread.get(entity.id)}
      before=${selection && html`<${SelectBox} kind=${kind} entity=${entity} shown=${last.current.map(({ id }) => id)} selection=${selection} onChange=${setSelection} />`}>${tools?.(entity)}</${EntityCard}>`,
    )}</ul>
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
