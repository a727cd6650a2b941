import { ask as t } from "../words/en/ask.js";
import { thingLink, thingWord } from "./search_words.js";

/**
 * What a quote of a campaign says of itself, and where it leads.
 *
 * @typedef {{ kind: "gm" | "assistant" | "npc" | "other", name: string }} Speaker
 * @typedef {object} Evidence
 * @property {"message" | "note" | "event" | "fact" | "thing"} source @property {string} id
 * @property {import("./search_words.js").Piece[]} quote @property {string | null} said_at
 * @property {{ id: string, number: number, title: string } | null} evening
 * @property {string | null} conversation_id @property {string} place
 * @property {Speaker | null} speaker @property {Speaker | null} listener
 * @property {string} kind @property {string} field
 * @property {boolean} is_planned @property {boolean} is_retconned @property {boolean} is_gm_only @property {boolean} is_imported
 *
 * @typedef {object} Subject
 * @property {string} kind @property {string} id @property {string} name
 * @property {number} mentions @property {number} evenings @property {boolean} is_cut
 * @property {Evidence | null} first_mentioned @property {Evidence | null} last_mentioned
 * @property {Evidence | null} last_seen
 *
 * @typedef {object} Gathered
 * @property {string[]} words @property {Subject[]} subjects @property {Evidence[]} evidence
 * @property {number} total @property {boolean} is_complete @property {number} still_indexing
 */

/** One name for a quote, the same wherever it is given. @param {Evidence} one */
export function keyOfEvidence({ source, id, field }) {
  return `${source} ${id} ${field}`;
}

/** Who said it, and to whom; of what is written, what it is. @param {Evidence} one */
export function originOf({ source, speaker, listener, kind, field, place }) {
  if (source !== "message" || !speaker) {
    const what = source === "thing" ? [place, field || thingWord(kind)] : [thingWord(kind)];
    return what.filter(Boolean).join(" · ");
  }
  const said = capital(nameOf(speaker));
  return listener ? t.saidTo(said, nameOf(listener)) : said;
}

/** @param {Speaker} speaker */
function nameOf({ kind, name }) {
  if (name) return name;
  if (kind === "gm") return t.you;
  return kind === "assistant" ? t.assistant : t.someNpc;
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How far the quotes are all there is. @param {Gathered} gathered */
export function coverOf({ words, total, is_complete: isComplete }) {
  const said = new Intl.ListFormat("en").format(words.map((word) => `“${word}”`));
  if (total === 0) return t.bestFit(said);
  return isComplete ? t.all(total, said) : t.notAll(total, said);
}

/** Where a quote that is no message leads. @param {Evidence} one @param {string} campaignId */
export function evidenceLink({ source, kind, id, evening }, campaignId) {
  const isOfTable = (source === "note" || source === "event") && evening !== null;
  return thingLink(
    isOfTable
      ? { kind: "game_session", id: evening.id, campaign_id: campaignId }
      : { kind, id, campaign_id: campaignId },
  );
}

/**
 * An answer in pieces: text, and the numbers of quotes that there are.
 * @param {string} text @param {number} most @returns {(string | number)[]}
 */
export function answerPieces(text, most) {
  /** @type {(string | number)[]} */
  const pieces = [];
  for (const piece of text.split(/(\[\d{1,4}\])/)) {
    const number = Number(/^\[(\d+)\]$/.exec(piece)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) pieces.push(piece);
    else if (number >= 1 && number <= most) pieces.push(number);
  }
  return pieces.filter((piece) => piece !== "");
}
