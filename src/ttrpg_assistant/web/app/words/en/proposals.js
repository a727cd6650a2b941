/** Suggestions in and under a message. */
export const proposals = {
  coming: (/** @type {number} */ count) =>
    count === 1 ? "A suggestion is being written…" : `${count} suggestions so far…`,
  section: "Suggestions",
  shared: "Suggested before this branch began. Decided once, for both threads.",
  nothingChanges: "Nothing changes until you accept it.",
  acceptAll: (/** @type {number} */ count, /** @type {string} */ what) => `Accept all ${count}: ${what}`,
  /** @type {Record<string, [one: string, several: string]>} */
  kinds: {
    campaign_field: ["campaign change", "campaign changes"],
    npc: ["NPC", "NPCs"],
    npc_trait: ["NPC change", "NPC changes"],
    location: ["location", "locations"],
    plot_point: ["plot point", "plot points"],
    session_plan: ["session plan", "session plans"],
    house_rule: ["house rule", "house rules"],
  },
  other: ["suggestion", "suggestions"],
  unread: "What could not be read",
  sources: "Sources",
  unverified: "unverified",
  inCampaign: "In this campaign",
  notInCampaign: "No such thing is in this campaign",
  accepted: (/** @type {number} */ n) => (n === 1 ? "1 suggestion accepted." : `${n} suggestions accepted.`),
  acceptedSome: (/** @type {number} */ done, /** @type {number} */ left, /** @type {string} */ why) =>
    `${done} accepted. ${left} could not be: ${why}`,
  undonePartly: "Undone, except what was changed since.",
};
