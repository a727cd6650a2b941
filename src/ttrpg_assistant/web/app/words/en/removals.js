export const removals = {
  conversation: "Conversation",
  relation: "Relation",
  removed: (/** @type {string} */ day) => `removed ${day}`,
  keptUntil: (/** @type {string} */ day) => `kept until ${day}`,
  campaignOf: (/** @type {number} */ n) =>
    n === 1 ? "Campaign with one thing in it" : `Campaign with ${n.toLocaleString()} things in it`,
};
