import { cutText } from "./characters.js";

/** Sizes and counts of files, in words. */

/** @param {number} bytes */
export function sizeWords(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** What an archive holds of what a game master knows by name. @type {[string, string, string][]} */
const KNOWN = [
  ["npcs", "NPC", "NPCs"],
  ["locations", "location", "locations"],
  ["plot_points", "plot point", "plot points"],
  ["known_facts", "fact", "facts"],
  ["game_sessions", "game session", "game sessions"],
  ["session_notes", "note", "notes"],
  ["conversations", "conversation", "conversations"],
  ["messages", "message", "messages"],
  ["suggestions", "suggestion", "suggestions"],
];

/** @param {Record<string, number>} rows @returns {string[]} */
export function holdingWords(rows) {
  return KNOWN.filter(([table]) => rows[table] > 0).map(([table, one, many]) => counted(rows[table], one, many));
}

/** The title that a file proposes for what is in it. @param {string} name */
export function titleOfFile(name) {
  return (
    cutText(
      name
        .replace(/\.[a-z0-9]{1,5}$/i, "")
        .replace(/[_-]+/g, " ")
        .trim(),
      200,
    ) || "Transcript"
  );
}
