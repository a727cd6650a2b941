/** Adding things by their names alone, one after another. */
export const quickAdd = {
  label: (/** @type {string} */ one) => `Add ${one} by name`,
  hint: (/** @type {string} */ noun) => `Name of a new ${noun}`,
  add: "Add",
  added: (/** @type {string} */ name) => `Added: ${name}.`,
  addedMany: (/** @type {number} */ count, /** @type {string} */ name) => `Added ${count}, the last: ${name}.`,
  key: "Add by name",
  open: (/** @type {string} */ name) => `Open ${name}`,
};
