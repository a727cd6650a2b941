/**
 * Where a source of a loose thread or contradiction is read, and what it is called.
 *
 * @typedef {import("../state/campaign/continuity.js").Ref} Ref
 * @typedef {import("../state/campaign/continuity.js").Places} Places
 */

import { KINDS, pathOf } from "../state/campaign/campaign_kinds.js";
import { continuity as t } from "../words/en/continuity.js";
import { facts } from "../words/en/facts.js";
import { conversationLink } from "./search_words.js";

/** Written down in the log of a game session, which is where they are read. @type {Record<string, string>} */
const OF_EVENING = { note: t.note, event: t.event, recap: t.recap };

/** @param {Ref} source @param {number | null} evening @param {string} campaignId @param {Places} places @returns {string | null} */
export function sourceLink({ kind, id }, evening, campaignId, { homes, evenings }) {
  const book = `/campaigns/${campaignId}?part=`;
  if (kind === "message") {
    const home = homes.get(id);
    return home ? conversationLink(home, id) : null;
  }
  if (kind in OF_EVENING) {
    const game = kind === "recap" ? id : evenings.get(evening ?? 0);
    return game ? `${book}${KINDS.game_session.listName}&show=${game}` : null;
  }
  if (kind === "fact") return `${book}knowledge`;
  if (kind === "relation") return `${book}relations`;
  return KINDS[kind] ? pathOf(KINDS[kind], { id, campaign_id: campaignId }) : null;
}

/** @param {Ref} source */
export function sourceWord({ kind }) {
  if (kind === "message") return t.message;
  if (kind === "relation") return t.relation;
  if (kind === "fact") return facts.fact;
  return OF_EVENING[kind] ?? KINDS[kind]?.title ?? kind;
}
