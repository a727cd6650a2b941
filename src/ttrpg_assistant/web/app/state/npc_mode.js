/**
 * Whether an NPC was talked about or spoken as the last time.
 * @typedef {"about" | "as"} Voice
 */
const PREFIX = "ttrpg.mode.";
const held = /** @type {Map<string, Voice>} */ (new Map());

/** @param {string} npcId @returns {Voice} */
export function modeOf(npcId) {
  try {
    return localStorage.getItem(PREFIX + npcId) === "as" ? "as" : (held.get(npcId) ?? "about");
  } catch {
    return held.get(npcId) ?? "about";
  }
}

/** @param {string} npcId @param {Voice} mode */
export function keepMode(npcId, mode) {
  held.set(npcId, mode);
  try {
    localStorage.setItem(PREFIX + npcId, mode);
  } catch {
    // A browser that keeps nothing: it lasts as long as the page is open.
  }
}
