import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { NO_FILTERS, countFilters, filterFields, valuesSaid } from "../../models/list_filters.js";
import { useApp } from "../../state/app.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useOwnId } from "../use_own_id.js";
import { useChoices } from "./choices.js";
import { bulkEdit } from "../../words/en/bulk_edit.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * Narrows and sorts a list of things.
 *
 * @typedef {import("../../models/list_filters.js").Filters} Filters
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 *
 * @param {{ kind: Kind, campaignId: string, items: any[], filters: Filters, onChange: (filters: Filters) => void }} props
 *   `items`: what is listed, which says what there is to choose from
 */
export function ListFilters({ kind, campaignId, items, filters, onChange }) {
  const { api } = useApp();
  const { things } = useChoices(campaignId, kind);
  const [isOpen, setOpen] = useState(false);
  const { value: known } = useFetched(
    async (signal) =>
      isOpen ? (await api.get(`/api/campaigns/${campaignId}/tags?kind=${kind.name}`, { signal })).tags : [],
    [campaignId, kind.name, isOpen],
    ofCampaign(campaignId),
  );
  const id = useOwnId();
  const count = countFilters(filters);
  /** @param {import("../../state/campaign/campaign_kinds.js").Field} field @returns {[string, string][]} */
  const optionsOf = ({ name, as, options, pointsTo }) => {
    if (as === "choice") return options ?? [];
    if (as === "flag")
      return [
        ["true", controls.yes],
        ["false", controls.no],
      ];
    if (as === "reference") return things.filter(([its]) => its === pointsTo).map(([, id, called]) => [id, called]);
    return valuesSaid(items, name, filters.values[name]).map((each) => [each, each]);
  };
  const select = (
    /** @type {string} */ label,
    /** @type {string} */ value,
    /** @type {[string, string][]} */ options,
    /** @type {(value: string) => void} */ put,
  ) => html`<div class="filters__one"><label for=${`${id}-${label}`}>${label}</label>
    <select id=${`${id}-${label}`} class="field" onChange=${(/** @type {any} */ event) => put(event.currentTarget.value)}>
      ${options.map(([each, words]) => html`<option key=${each} value=${each} selected=${each === value}>${words}</option>`)}
    </select></div>`;
  const any = /** @type {[string, string]} */ (["", t.any]);
  return html`<details class="filters" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${count > 0 ? t.filtered(count) : t.filterAndSort}</summary>
    <div class="filters__all">
      ${select(
        t.sortBy,
        filters.sort,
        [
          ["name", t.sortName],
          ["used", t.sortUsed],
          ["newest", t.sortNewest],
        ],
        (sort) => onChange({ ...filters, sort }),
      )}
      ${select(t.tag, filters.tag, [any, ...tagOptions(known ?? [], items, filters.tag)], (tag) => onChange({ ...filters, tag }))}
      ${filterFields(kind).map((field) =>
        select(field.label, filters.values[field.name] ?? "", [any, ...optionsOf(field)], (value) =>
          onChange({ ...filters, values: { ...filters.values, [field.name]: value } }),
        ),
      )}
      ${count > 0 && html`<button type="button" class="link-button" onClick=${() => onChange({ ...NO_FILTERS, sort: filters.sort })}>${t.clearFilters}</button>`}
    </div>
  </details>`;
}

/**
 * The tags there are, with how many things have each; then those that only what is listed has, as what is archived.
 * @param {{ tag: string, count: number }[]} known @param {any[]} items @param {string} chosen @returns {[string, string][]}
 */
function tagOptions(known, items, chosen) {
  const counts = new Map(known.map(({ tag, count }) => [tag, count]));
  const others = valuesSaid(items, "tags", chosen).filter((tag) => !counts.has(tag));
  const counted = [...counts].map(
    ([tag, count]) => /** @type {[string, string]} */ ([tag, bulkEdit.withCount(tag, count)]),
  );
  return [...counted, ...others.map((tag) => /** @type {[string, string]} */ ([tag, tag]))];
}
