/** Several things of a list, edited at once. */
const things = (/** @type {number} */ n) => (n === 1 ? "1 thing" : `${n.toLocaleString("en")} things`);

export const bulkEdit = {
  select: "Select several",
  selected: (/** @type {number} */ n) => (n === 0 ? "None selected" : `${n.toLocaleString("en")} selected`),
  selectOne: (/** @type {string} */ name) => `Select “${name}”`,
  all: (/** @type {number} */ n) => `Select all ${n.toLocaleString("en")} shown`,
  howTo: "Space selects, arrow keys move, Shift with an arrow key selects several, Ctrl+A all.",
  edit: "Tags and audience",
  title: (/** @type {number} */ n) => `Edit ${things(n)}`,
  addTags: "Add tags",
  addTagHint: "A tag, then Enter",
  removeTags: "Remove tags",
  asItIs: "Leave as it is",
  noTag: (/** @type {string} */ tag) => `Do not add “${tag}”`,
  withCount: (/** @type {string} */ tag, /** @type {number} */ n) => `${tag} (${n.toLocaleString("en")})`,
  apply: "Apply",
  changed: (/** @type {number} */ n) => `${things(n)} changed.`,
  nothing: "They have that already. Nothing was changed.",
  refused: (/** @type {number} */ n, /** @type {string} */ why) => `${things(n)} left as before: ${why}`,
  undone: (/** @type {number} */ n) => `${things(n)} changed back.`,
};
