import { signal } from "@preact/signals";

/**
 * Whether an NPC was talked about or spoken as the last time.
 * @typedef {"about" | "as"} Voice
 */
const PREFIX = "ttrpg.mode.";
/** Counts the changes, so that what shows a mode is drawn anew. */
const changes = signal(0);
const held = /** @type {Map<string, Voice>} */ (new Map());

/** @param {string} npcId @returns {Voice} */
export function modeOf(npcId) {
  changes.value;
  try {
    return localStorage.getItem(PREFIX + npcId) === "as" ? "as" : (held.get(npcId) ?? "about");
  } catch {
    return held.get(npcId) ?? "about";
  }
}

/** @param {string} npcId @param {Voice} mode */
export function rememberMode(npcId, mode) {
  held.set(npcId, mode);
  try {
    localStorage.setItem(PREFIX + npcId, mode);
  } catch {
    // A browser that keeps nothing: it lasts as long as the page is open.
  }
  changes.value += 1;
}
