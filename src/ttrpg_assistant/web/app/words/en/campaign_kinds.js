/** What is said of a kind of thing by its noun, and of one without a name. */
export const campaignKinds = {
  newOne: (/** @type {string} */ noun) => `New ${noun}`,
  search: (/** @type {string} */ plural) => `Search ${plural}`,
  unnamed: (/** @type {string} */ noun) => `Unnamed ${noun}`,
  untitled: (/** @type {string} */ noun) => `Untitled ${noun}`,
  gameSessionNumber: (/** @type {number} */ number) => `Game session ${number}`,
};
