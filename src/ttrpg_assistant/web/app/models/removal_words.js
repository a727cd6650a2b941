import { playDayWords } from "./play_days.js";
import { counted } from "./file_words.js";

/**
 * What was cleared or deleted, in words.
 *
 * @typedef {import("../types.js").Removal} Removal
 */

/** What a removed thing is, by the word of its removal. @type {Record<string, string>} */
const THINGS = {
  campaign_removed: "Campaign",
  game_session_removed: "Game session",
  npc_removed: "NPC",
  location_removed: "Location",
  plot_point_removed: "Plot point",
  fact_removed: "Fact",
  voice_removed: "",
};

/** @param {Removal} removal */
export function titleOfRemoval({ title, kind }) {
  return title || THINGS[kind] || "A conversation";
}

/** "NPC, removed today, kept until 29 December": only messages are counted as messages. @param {Removal} removal @param {Date} now */
export function removalWords(removal, now) {
  const when = playDayWords(new Date(removal.created_at), now).toLowerCase();
  const until = playDayWords(new Date(removal.expires_at), now);
  return [whatOf(removal), `removed ${when}`, `kept until ${until}`].filter(Boolean).join(", ");
}

/** @param {Removal} removal */
function whatOf({ kind, count }) {
  if (kind === "messages_cleared") return counted(count, "message");
  if (kind === "campaign_removed" && count > 1) return `Campaign with ${counted(count - 1, "thing")} in it`;
  return THINGS[kind] ?? "";
}
