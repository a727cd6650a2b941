/** An NPC by itself: its sheet beside its chat. */
export const npcScreen = {
  sheet: "Sheet",
  chat: "Chat",
  chatWith: (/** @type {string} */ name) => `Chat with ${name}`,
  edit: (/** @type {string} */ name) => `Edit ${name}`,
  archived: "archived",
  noVoiceCard: (/** @type {string} */ name) => `No voice card yet: three lines to read before you speak as ${name}.`,
  writeVoiceCard: "Write a voice card",
};
