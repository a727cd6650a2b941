/**
 * What a thread can be for, in a game master's words.
 *
 * @typedef {object} Purpose
 * @property {string} id as the server calls it
 * @property {string} name
 * @property {string} words
 * @property {string} icon
 * @property {string[]} tries first things to say
 */

/** @type {Purpose[]} */
export const PURPOSES = [
  {
    id: "session_planning",
    name: "Plan an evening",
    icon: "notebook-pen",
    words: "Openings, scenes, what everyone wants, and what happens if the party does nothing.",
    tries: [
      "What should the evening open with?",
      "Give me three scenes that could come in any order",
      "What would each faction do meanwhile?",
    ],
  },
  {
    id: "npc_generation",
    name: "Make an NPC",
    icon: "user",
    words: "Somebody with a voice, a want and a secret.",
    tries: [
      "Someone who runs the ferry and hears everything",
      "A rival for the party, with a reason",
      "Who would be behind the counter?",
    ],
  },
  {
    id: "world_building",
    name: "Build the world",
    icon: "map",
    words: "Places, powers and customs, and what people there are afraid of.",
    tries: [
      "What does the harbour smell of at night?",
      "Who profits from things being as they are?",
      "A custom that strangers get wrong",
    ],
  },
  {
    id: "character_background",
    name: "A character's past",
    icon: "scroll-text",
    words: "Where a player's character comes from, and who may come looking.",
    tries: [
      "Who would come if this character called?",
      "What did they leave behind?",
      "Tie their past to our campaign",
    ],
  },
  {
    id: "campaign_creation",
    name: "Begin a campaign",
    icon: "book-open",
    words: "Tone, world, how long it runs, and how it begins.",
    tries: [
      "A first evening that starts in the middle of things",
      "What is wrong in this world that will not mend itself?",
      "Three ways this campaign could end",
    ],
  },
  {
    id: "general",
    name: "Anything else",
    icon: "message-square",
    words: "Talk something over beside the quick chat, and find it again.",
    tries: ["What have I left open so far?", "What do the players expect, and what would surprise them?"],
  },
];

/** @param {string | null | undefined} id */
export function purposeOf(id) {
  return PURPOSES.find((purpose) => purpose.id === id) ?? PURPOSES[PURPOSES.length - 1];
}

/** What a conversation is called. @param {import("../types.js").Conversation} thread */
export function threadTitle(thread) {
  return thread.title || purposeOf(thread.purpose).name;
}
