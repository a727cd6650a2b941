import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { navigate } from "../../router.js";
import { Icon } from "../icon.js";
import { EntityCard } from "./entity_card.js";
import { EntityForm } from "./entity_form.js";
import { useUnreadNpcs } from "../../state/unread.js";

/** What an empty section teaches. @type {Record<string, { words: string, first: string }>} */
const EMPTY = {
  npc: {
    words:
      "People of this world. A name is enough to begin with; the voice card is what you glance at before you speak as them.",
    first: "Write your first NPC",
  },
  location: { words: "Where things happen. Places may lie in other places.", first: "Write your first place" },
  plot_point: {
    words: "What may happen, what is prepared, and what has happened at the table. Only the last is canon.",
    first: "Write down an idea",
  },
  game_session: {
    words: "Each evening at the table, with its plan, its notes and its recap. Numbers come by themselves.",
    first: "Plan the first game session",
  },
};

/** How many are listed at once; each "more" shows four times as many, at most what one answer holds. */
const FIRST = 60;
const MOST = 500;

/**
 * A list of one kind: search, cards, and a way to make a new one.
 *
 * @param {{ kind: import("../../state/campaign_kinds.js").Kind, campaignId: string, tools?: (entity: any) => any }} props
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
      <label class="search"><${Icon} name="search" /><span class="sr-only">Search ${kind.titles}</span>
        <input type="search" class="search__text" placeholder=${`Search ${kind.titles}`} value=${query}
          onInput=${(/** @type {any} */ event) => setQuery(event.currentTarget.value)} /></label>
      <label class="check check--small"><input type="checkbox" checked=${archived} onChange=${(/** @type {any} */ event) => setArchived(event.currentTarget.checked)} /> Include archived</label>
      ${!isEmpty && html`<button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> New</button>`}
    </div>
    ${fault && !items && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>Retry</button></p>`}
    ${
      isEmpty &&
      html`<div class="empty empty--section"><p>${EMPTY[kind.name].words}</p>
      <button type="button" class="button button--accent" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${EMPTY[kind.name].first}</button></div>`
    }
    ${items?.length === 0 && !isEmpty && html`<p class="quiet">Nothing by that name.</p>`}
    <ul class="cards">${items?.map((/** @type {any} */ entity) => html`<${EntityCard} key=${entity.id} kind=${kind} entity=${entity} unread=${unread.get(entity.id)}>${tools?.(entity)}</${EntityCard}>`)}</ul>
    ${
      value?.has_more &&
      (limit < MOST
        ? html`<button type="button" class="button" onClick=${() => setLimit(Math.min(MOST, limit * 4))}>Show more</button>`
        : html`<p class="quiet">There are more. Search for what you need.</p>`)
    }
    ${
      making &&
      html`<${EntityForm} kind=${kind} campaignId=${campaignId} onClose=${() => setMaking(false)}
      onSaved=${(/** @type {any} */ made) => kind.name === "npc" && search !== "" && navigate(`/npcs/${made.id}`)} />`
    }
  </section>`;
}
