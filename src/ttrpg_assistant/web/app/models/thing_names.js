/**
 * Things found by a part of their name.
 *
 * @typedef {[string, string, string]} Thing its kind, its id and its name
 */

/** So many are offered at once. */
export const MOST_OFFERED = 40;

/** Without accents and capitals. @param {string} name */
function plain(name) {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Those with all the words in their name, at most `MOST_OFFERED`; those that begin with them first.
 * @param {Thing[]} things @param {string} query @returns {Thing[]}
 */
export function findByName(things, query) {
  const asked = plain(query.trim());
  const words = asked.split(/\s+/);
  const found = things.filter(([, , name]) => words.every((word) => plain(name).includes(word)));
  const [first, others] = [/** @type {Thing[]} */ ([]), /** @type {Thing[]} */ ([])];
  for (const each of found) (plain(each[2]).startsWith(asked) ? first : others).push(each);
  return [...first, ...others].slice(0, MOST_OFFERED);
}
