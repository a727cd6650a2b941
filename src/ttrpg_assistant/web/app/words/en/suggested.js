export const suggested = {
  suggestion: "Suggestion",
  npcTrait: "NPC trait",
  sessionPlan: "Game session plan",
  houseRule: "House rule",
  fact: "Fact",
  relation: "Relation",
  recap: "Recap",
  /** Fields of what is no thing. @type {Record<string, string>} */
  fields: {
    "fact.text": "Fact",
    "relation.from": "Of",
    "relation.label": "Is",
    "relation.to": "To",
  },
  mayHint: (/** @type {string} */ secret) => `${secret} (may hint)`,
};
