import { firstCharacter } from "./characters.js";
import { conversations } from "../words/en/conversations.js";
import { scenes } from "../words/en/scenes.js";

/**
 * Who takes part in a scene, told apart, and whose turn it is to speak.
 *
 * @typedef {{ npc_id: string, name: string }} Member
 * @typedef {import("../types.js").Message} Message
 */

export const FEWEST = 2;
export const MOST = 5;

/** So many messages are searched for who spoke last, as the server does. */
const LOOKED_BACK = 50;

/**
 * The one after whoever spoke aloud last.
 * @param {Member[]} members in the order in which they speak
 * @param {Message[]} said oldest first
 * @returns {Member | null} null when nobody is there
 */
export function nextInTurn(members, said) {
  for (const message of said.slice(-LOOKED_BACK).reverse()) {
    const at = message.audience_npc_id ? -1 : members.findIndex(({ npc_id: id }) => id === message.speaker_npc_id);
    if (at >= 0) return members[(at + 1) % members.length];
  }
  return members[0] ?? null;
}

/** Two letters for a name, as on a seal; three of a kind are told apart by colour and edge. @param {string} name */
export function lettersOf(name) {
  const words = name.split(/[\s-]+/).filter((word) => /^\p{L}/u.test(word));
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return picked.map((word) => firstCharacter(word).toUpperCase()).join("") || firstCharacter(name.trim());
}

/** Names in a sentence: "Mira, Brandt and Tomas". @param {string[]} names */
export function inWords(names) {
  if (names.length < 2) return names.join("");
  return conversations.list(names.slice(0, -1).join(", "), names[names.length - 1]);
}

/** What a scene is called: by its title, else by those in it. @param {{ title: string | null, members: Member[] }} scene */
export function sceneTitle({ title, members }) {
  return title || inWords(members.map(({ name }) => name)) || scenes.empty;
}
