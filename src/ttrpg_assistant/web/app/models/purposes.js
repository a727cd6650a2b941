import { threads as t } from "../words/en/threads.js";

/**
 * What a thread can be for, in a game master's words.
 *
 * @typedef {object} Purpose
 * @property {string} id as the server calls it
 * @property {string} name
 * @property {string} heading over the threads with this purpose
 * @property {string} words
 * @property {string} icon
 * @property {string[]} tries first things to say
 */

/** @type {Purpose[]} */
export const PURPOSES = [
  {
    id: "session_planning",
    name: t.planning,
    heading: t.planningHeading,
    icon: "notebook-pen",
    words: t.planningWords,
    tries: [t.planningTryOpening, t.planningTryScenes, t.planningTryFactions],
  },
  {
    id: "npc_generation",
    name: t.npc,
    heading: t.npcHeading,
    icon: "user",
    words: t.npcWords,
    tries: [t.npcTryFerry, t.npcTryRival, t.npcTryShop],
  },
  {
    id: "world_building",
    name: t.world,
    heading: t.worldHeading,
    icon: "map",
    words: t.worldWords,
    tries: [t.worldTryHarbour, t.worldTryProfit, t.worldTryCustom],
  },
  {
    id: "character_background",
    name: t.background,
    heading: t.backgroundHeading,
    icon: "scroll-text",
    words: t.backgroundWords,
    tries: [t.backgroundTryCall, t.backgroundTryBehind, t.backgroundTryTie],
  },
  {
    id: "campaign_creation",
    name: t.creation,
    heading: t.creationHeading,
    icon: "book-open",
    words: t.creationWords,
    tries: [t.creationTryOpening, t.creationTryProblem, t.creationTryEndings],
  },
  {
    id: "general",
    name: t.general,
    heading: t.generalHeading,
    icon: "message-square",
    words: t.generalWords,
    tries: [t.generalTryOpen, t.generalTrySurprise],
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
