/**
 * What of a campaign's things goes on paper: all of it, or what is not for the game master alone.
 * Everything that is printed is asked here.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Kind} Kind
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {{ id: string, at: string, text: string, gmOnly: boolean }} PrintedLine
 */

import { isUntold } from "./canon.js";

/** Who may read what lies on the table: everyone, or everyone at it; and of an NPC or a location with
 *  `name`, of which others hear, its name is no secret, and what else of it goes on paper is chosen by printing it. */
const OPEN = new Set(["public", "party", "name"]);

/** What matters only while one plays. */
const AT_THE_TABLE = new Set(["is_present"]);

/**
 * The fields of a thing that say something, what is for the game master alone apart.
 * @param {Kind} kind @param {any} entity @param {boolean} withGmOnly
 * @returns {{ open: Field[], gmOnly: Field[] }}
 */
export function printedFields(kind, entity, withGmOnly) {
  const filled = kind.fields.filter(
    ({ name }) =>
      name !== kind.named &&
      !AT_THE_TABLE.has(name) &&
      !saysNothing(entity[name]) &&
      !(name === "canon" && entity[name] === "happened") &&
      !(name === "audience" && entity[name] === "name"),
  );
  return {
    open: filled.filter((field) => !field.gmOnly),
    gmOnly: withGmOnly ? filled.filter((field) => field.gmOnly) : [],
  };
}

/**
 * The things that are printed: those in use, and of plot points and facts without the GM-only parts
 * those that everyone or the party knows; no game session that is only planned, no idea and nothing that was retconned.
 * @template {{ archived_at?: string | null, audience?: string, session_number?: number, status?: string, canon?: string }} T
 * @param {readonly T[]} things @param {boolean} withGmOnly
 * @returns {T[]}
 */
export function printedThings(things, withGmOnly) {
  return things.filter(
    ({ archived_at: archived, audience = "public", session_number: number, status, canon }) =>
      !archived &&
      (withGmOnly ||
        (OPEN.has(audience) && !isUntold({ status, canon }) && !(number !== undefined && status === "planned"))),
  );
}

/**
 * Notes and what happened, in the order of their time; rolls of dice tell nothing without their why.
 * @param {readonly any[]} notes @param {readonly any[]} events
 * @param {Record<string, readonly { id: string, audience?: string }[]>} closed all things of the kinds that
 *   say who knows of them, by kind: what happened to one that the players do not know of is the game master's alone
 * @param {boolean} withGmOnly
 * @returns {PrintedLine[]}
 */
export function printedLines(notes, events, closed, withGmOnly) {
  const things = Object.values(closed).flat();
  const known = new Set(things.filter(({ audience = "" }) => OPEN.has(audience)).map(({ id }) => id));
  const isSecret = (/** @type {any} */ event) => event.entity_kind in closed && !known.has(event.entity_id);
  return [
    ...notes.map(({ id, at, text, gm_only: gmOnly }) => ({ id, at, text, gmOnly })),
    ...events
      .filter(({ kind }) => kind !== "roll")
      .map((event) => ({
        id: event.id,
        at: event.at,
        text: `${event.kind.replaceAll("_", " ")}: ${event.text}`,
        gmOnly: isSecret(event),
      })),
  ]
    .filter(({ gmOnly }) => withGmOnly || !gmOnly)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** @param {unknown} value */
function saysNothing(value) {
  if (value === null || value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
