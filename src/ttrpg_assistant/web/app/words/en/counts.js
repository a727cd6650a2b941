export const counts = {
  messages: (/** @type {number} */ n) => (n === 1 ? "1 message" : `${n.toLocaleString()} messages`),
  answers: (/** @type {number} */ n) => (n === 1 ? "1 answer" : `${n.toLocaleString("en")} answers`),
  npcs: (/** @type {number} */ n) => (n === 1 ? "1 NPC" : `${n.toLocaleString()} NPCs`),
  locations: (/** @type {number} */ n) => (n === 1 ? "1 location" : `${n.toLocaleString()} locations`),
  plotPoints: (/** @type {number} */ n) => (n === 1 ? "1 plot point" : `${n.toLocaleString()} plot points`),
  facts: (/** @type {number} */ n) => (n === 1 ? "1 fact" : `${n.toLocaleString()} facts`),
  pictures: (/** @type {number} */ n) => (n === 1 ? "1 picture" : `${n.toLocaleString()} pictures`),
  gameSessions: (/** @type {number} */ n) => (n === 1 ? "1 game session" : `${n.toLocaleString()} game sessions`),
  notes: (/** @type {number} */ n) => (n === 1 ? "1 note" : `${n.toLocaleString()} notes`),
  conversations: (/** @type {number} */ n) => (n === 1 ? "1 conversation" : `${n.toLocaleString()} conversations`),
  suggestions: (/** @type {number} */ n) => (n === 1 ? "1 suggestion" : `${n.toLocaleString()} suggestions`),
  andArchived: (/** @type {string} */ things, /** @type {number} */ archived) =>
    `${things}, ${archived.toLocaleString()} archived`,
  allArchived: (/** @type {string} */ things) => `${things}, archived`,
  models: (/** @type {number} */ n) => (n === 1 ? "1 model" : `${n} models`),
};
