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

/**
 * How much a campaign shows, by name of the list; archived things are counted apart.
 * @typedef {{ in_use: Record<string, number>, archived: Record<string, number> }} Holdings
 */

/** What a game master knows by name. @type {[string, string, string][]} */
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

/** "3 NPCs, 1 archived", one for each kind there is; nothing where a file does not say it. @param {Partial<Holdings> | null | undefined} holds @returns {string[]} */
export function holdingWords(holds) {
  return KNOWN.map(([list, one, many]) => {
    const inUse = wholeNumber(holds?.in_use?.[list]);
    const archived = wholeNumber(holds?.archived?.[list]);
    if (!archived) return inUse ? counted(inUse, one, many) : "";
    return inUse
      ? `${counted(inUse, one, many)}, ${archived.toLocaleString()} archived`
      : `${counted(archived, one, many)}, archived`;
  }).filter(Boolean);
}

/** A file may say anything. @param {unknown} value */
function wholeNumber(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
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
