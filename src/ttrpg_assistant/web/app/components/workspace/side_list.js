import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { apiOfAll, listedOn } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { EntityForm } from "../campaign/entity_form.js";
import { Icon, IconButton } from "../icon.js";
import { controls } from "../../words/en/controls.js";
import { table as t } from "../../words/en/table.js";

/**
 * The things of one kind in the side panel, with a search and a button that makes a new one.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, campaignId: string, order?: (a: any, b: any) => number,
 *   filter?: string, line: (entity: any) => any, empty: string, children?: any }} props
 */
export function SideList({ kind, campaignId, order, filter = "", line, empty, children }) {
  const { api } = useApp();
  const [typed, setTyped] = useState("");
  const [making, setMaking] = useState(false);
  const search = useSettled(typed);
  const { value, fault } = useFetched(
    (signal) =>
      api.get(`${apiOfAll(kind, campaignId)}?limit=200${filter}&search=${encodeURIComponent(search)}`, {
        signal,
      }),
    [kind.name, campaignId, search, filter],
    ofCampaign(campaignId),
  );
  /** @type {any[]} */
  const items = value ? listedOn(kind, value) : [];
  const shown = order ? [...items].sort(order) : items;
  return html`<div class="hand">
    <div class="hand__head">
      <label class="search search--small"><${Icon} name="search" /><span class="sr-only">${kind.searchTitle}</span>
        <input type="search" class="search__text" placeholder=${kind.searchTitle} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
      ${children}
      <${IconButton} icon="plus" label=${kind.newTitle} onClick=${() => setMaking(true)} />
    </div>
    ${fault && !value && html`<p class="quiet" role="alert">${fault.detail}</p>`}
    ${
      value &&
      items.length === 0 &&
      html`<p class="quiet hand__empty">${search ? t.noMatches : empty} ${
        search
          ? html`<button type="button" class="link-button" onClick=${() => setTyped("")}>${controls.showAll}</button>`
          : html`<button type="button" class="link-button" onClick=${() => setMaking(true)}>${kind.newTitle}</button>`
      }</p>`
    }
    <ul class="hand__list">${shown.map((entity) => html`<li key=${entity.id} class="hand__item">${line(entity)}</li>`)}</ul>
    ${value?.has_more && html`<p class="quiet">${t.more}</p>`}
    ${making && html`<${EntityForm} kind=${kind} campaignId=${campaignId} onClose=${() => setMaking(false)} />`}
  </div>`;
}

/**
 * Says whether it is here now, and changes that when pressed.
 * @param {{ on: boolean, name: string, words: [string, string], onToggle: () => void }} props `words`: when on, when off
 */
export function PresentToggle({ on, name, words, onToggle }) {
  return html`<button type="button" class="present" aria-pressed=${on ? "true" : "false"} aria-label=${t.presentOf(name, words[0])} title=${on ? words[0] : words[1]} onClick=${onToggle}>
    <${Icon} name="map-pin" /></button>`;
}
