/**
 * Which things of a list are selected, in what order they are shown. Only what is shown can be.
 *
 * @typedef {{ ids: ReadonlySet<string>, anchor: string | null }} Selection `anchor`: where a range begins
 */

/** @type {Selection} */
export const NOTHING = { ids: new Set(), anchor: null };

/** One more, or one less. @param {Selection} selection @param {string} id @returns {Selection} */
export function toggled({ ids }, id) {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/**
 * Everything from where the range begins to this one, besides what was selected.
 * @param {Selection} selection @param {string[]} shown @param {string} id @returns {Selection}
 */
export function reachedTo({ ids, anchor }, shown, id) {
  const begin = anchor !== null && shown.includes(anchor) ? anchor : id;
  const [from, to] = [shown.indexOf(begin), shown.indexOf(id)].sort((a, b) => a - b);
  return { ids: new Set([...ids, ...shown.slice(from, to + 1)]), anchor: begin };
}

/** All that is shown, or nothing when all of it was. @param {Selection} selection @param {string[]} shown @returns {Selection} */
export function allOrNone({ ids }, shown) {
  return shown.every((id) => ids.has(id)) ? NOTHING : { ids: new Set(shown), anchor: null };
}

/** What of it is shown, in that order. @param {Selection} selection @param {any[]} things */
export function selectedOf({ ids }, things) {
  return things.filter(({ id }) => ids.has(id));
}

/** The tags these things have, each with how many have it, the commonest first. @param {any[]} things @returns {[string, number][]} */
export function tagsOf(things) {
  const counts = new Map();
  for (const { tags = [] } of things) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
