import { dayInSentence, playDayWords } from "./play_days.js";
import { KINDS } from "../state/campaign/campaign_kinds.js";
import { removals } from "../words/en/removals.js";
import { facts } from "../words/en/facts.js";
import { pictures } from "../words/en/pictures.js";
import { counts } from "../words/en/counts.js";

/**
 * What was cleared or deleted, in words.
 *
 * @typedef {import("../types.js").Removal} Removal
 */

/** What a removed thing is, by the word of its removal. @type {Record<string, string>} */
const THINGS = {
  ...Object.fromEntries(Object.values(KINDS).map(({ name, title }) => [`${name}_removed`, title])),
  fact_removed: facts.fact,
  relation_removed: removals.relation,
  voice_removed: "",
  picture_removed: pictures.picture,
};

/** @param {Removal} removal */
export function titleOfRemoval({ title, kind }) {
  return title || THINGS[kind] || removals.conversation;
}

/** "NPC, removed today, kept until 29 December": only messages are counted as messages. @param {Removal} removal @param {Date} now */
export function removalWords(removal, now) {
  const when = dayInSentence(new Date(removal.created_at), now);
  const until = playDayWords(new Date(removal.expires_at), now);
  return [whatOf(removal), removals.removed(when), removals.keptUntil(until)].filter(Boolean).join(", ");
}

/** @param {Removal} removal */
function whatOf({ kind, count }) {
  if (kind === "messages_cleared") return counts.messages(count);
  if (kind === "campaign_removed" && count > 1) return removals.campaignOf(count - 1);
  return THINGS[kind] ?? "";
}
