/** Numbers and dice found in a stat block. */
export const statNumbers = {
  title: "Numbers in the stat block",
  roll: (/** @type {string} */ label, /** @type {string} */ dice) => `Roll ${label} ${dice}`.replace("  ", " "),
  rolled: (/** @type {string} */ label, /** @type {string} */ text) => (label ? `${label}: ${text}` : text),
};
