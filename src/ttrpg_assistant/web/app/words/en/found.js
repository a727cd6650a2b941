export const found = {
  aScene: "A scene",
  anNpc: "an NPC",
  chat: "Chat",
  conversation: "Conversation",
  note: "Note",
  aNpc: "An NPC",
  onlyHears: (/** @type {string} */ name) => `Only ${name} hears this`,
  toYouAlone: "Said to you alone",
  asNpc: (/** @type {string} */ npc) => `As ${npc}`,
  aboutNpc: (/** @type {string} */ npc) => `About ${npc}`,
  event: "Event",
};
