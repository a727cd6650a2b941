export const suggested = {
  suggestion: "Suggestion",
  npcTrait: "NPC trait",
  sessionPlan: "Game session plan",
  houseRule: "House rule",
  mayHint: (/** @type {string} */ secret) => `${secret} (may hint)`,
};
