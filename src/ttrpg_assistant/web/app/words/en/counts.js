export const counts = {
  of: (/** @type {number} */ n, /** @type {string} */ one, /** @type {string} */ several) =>
    n === 1 ? `1 ${one}` : `${n.toLocaleString()} ${several}`,
  messages: (/** @type {number} */ n) => (n === 1 ? "1 message" : `${n.toLocaleString()} messages`),
  answers: (/** @type {number} */ n) => (n === 1 ? "1 answer" : `${n.toLocaleString("en")} answers`),
  facts: (/** @type {number} */ n) => (n === 1 ? "1 fact" : `${n.toLocaleString()} facts`),
  pictures: (/** @type {number} */ n) => (n === 1 ? "1 picture" : `${n.toLocaleString()} pictures`),
  notes: (/** @type {number} */ n) => (n === 1 ? "1 note" : `${n.toLocaleString()} notes`),
  conversations: (/** @type {number} */ n) => (n === 1 ? "1 conversation" : `${n.toLocaleString()} conversations`),
  suggestions: (/** @type {number} */ n) => (n === 1 ? "1 suggestion" : `${n.toLocaleString()} suggestions`),
  andArchived: (/** @type {string} */ things, /** @type {number} */ archived) =>
    `${things}, ${archived.toLocaleString()} archived`,
  allArchived: (/** @type {string} */ things) => `${things}, archived`,
  models: (/** @type {number} */ n) => (n === 1 ? "1 model" : `${n} models`),
};
