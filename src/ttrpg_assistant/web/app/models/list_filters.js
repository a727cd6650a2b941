/**
 * What a list of things is narrowed and sorted by.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Kind} Kind
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {{ sort: string, tag: string, values: Record<string, string> }} Filters `values`: by field; empty is any
 */

/** @type {Filters} */
export const NO_FILTERS = { sort: "name", tag: "", values: {} };

/** The fields a list can be narrowed by. @param {Kind} kind */
export function filterFields({ fields }) {
  return fields.filter(({ filters }) => filters);
}

/** How many of them are chosen. @param {Filters} filters */
export function countFilters({ tag, values }) {
  return Object.values(values).filter(Boolean).length + (tag ? 1 : 0);
}

/**
 * As the server is asked for the list.
 * @param {Kind} kind @param {{ search: string, archived: boolean, limit: number, filters: Filters }} wanted
 */
export function listQuery(kind, { search, archived, limit, filters }) {
  const query = new URLSearchParams({ limit: String(limit), archived: archived ? "all" : "no", search });
  if (!kind.isThing) return query.toString();
  query.set("sort", filters.sort);
  if (filters.tag) query.set("tag", filters.tag);
  for (const { name } of filterFields(kind)) if (filters.values[name]) query.set(name, filters.values[name]);
  return query.toString();
}

/** What a field of these things says, each once, with what is chosen. @param {any[]} things @param {string} name @param {string} chosen */
export function valuesSaid(things, name, chosen) {
  const said = things.flatMap((thing) => thing[name] ?? []).filter(Boolean);
  return [...new Set(chosen ? [...said, chosen] : said)].sort((a, b) => a.localeCompare(b));
}
