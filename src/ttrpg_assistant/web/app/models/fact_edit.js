/**
 * An edit of a fact and of who knows it, and what becomes of it when the fact was changed meanwhile.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 *
 * A fact as an edit names it. Listeners are a set: their order says nothing.
 * @typedef {{ text: string, audience: string, npc_ids: string[], character_ids: string[], groups: string[], canon: string, is_false: boolean }} Spread
 *
 * What the form shows: NPCs and player characters as the things of the campaign that they are.
 * @typedef {import("./entity_edit.js").Clash} Clash
 */

import { clashesOf } from "./entity_edit.js";
import { STEPS } from "./canon.js";
import { canon } from "../words/en/canon.js";
import { facts } from "../words/en/facts.js";

/** Those named, in the word that the form sends. */
const NAMED = "npcs";

/** The words of the server that mean those named: which kind the list began with. */
const ALL_NAMED = new Set([NAMED, "characters", "group"]);

/** Who may know a fact. @type {[string, string][]} */
export const AUDIENCES = [
  ["gm", facts.gmOnly],
  ["party", facts.party],
  [NAMED, facts.named],
  ["public", facts.everyone],
];

/** @type {Field[]} */
const FIELDS = [
  { name: "text", label: facts.text, as: "prose" },
  { name: "audience", label: facts.audience, as: "choice", options: AUDIENCES },
  { name: "npc_ids", label: facts.npcs, as: "related", offers: ["npc"] },
  { name: "character_ids", label: facts.characters, as: "related", offers: ["character"] },
  { name: "groups", label: facts.groups, as: "lines" },
  { name: "canon", label: canon.canon, as: "choice", options: STEPS },
  { name: "is_false", label: facts.isFalse, as: "flag" },
];

/**
 * The kinds of things that are listed with such an audience; what the party knows its characters know.
 * @param {string} audience
 */
export function kindsListed(audience) {
  if (audience === NAMED) return ["character", "npc"];
  return audience === "party" ? ["npc"] : [];
}

/** A stored fact as the form edits it: all who are named are one audience there. @param {any} fact @returns {Spread} */
export function spreadOf(fact) {
  const of = (/** @type {string} */ name) =>
    fact.listeners.map((/** @type {any} */ each) => each[name]).filter(Boolean);
  return {
    text: fact.text,
    canon: fact.canon,
    is_false: Boolean(fact.is_false),
    audience: ALL_NAMED.has(fact.audience) ? NAMED : fact.audience,
    npc_ids: of("npc_id"),
    character_ids: of("character_id"),
    groups: of("group_name"),
  };
}

/**
 * What was changed elsewhere since `base` was read, and is otherwise in this edit. Also a field that
 * only the others changed is a clash: this edit sends it as it was read, and who may know a text was
 * decided with that text in view. So nothing is sent again before both were seen.
 * @param {{ mine: Spread, theirs: Spread, base: Spread }} versions
 * @returns {Clash[]}
 */
export function factClashes({ mine, theirs, base }) {
  return clashesOf(FIELDS, { mine: shown(mine), theirs: shown(theirs), base: shown(base) });
}

/** What was chosen between the two, as an edit names it. @param {Record<string, any>} chosen @returns {Partial<Spread>} */
export function chosenSpread({ npc_ids: npcs, character_ids: characters, groups, ...others }) {
  const idsOf = (/** @type {any[]} */ things) => things.map(({ id }) => id);
  return {
    ...others,
    ...(npcs && { npc_ids: idsOf(npcs) }),
    ...(characters && { character_ids: idsOf(characters) }),
    ...(groups && { groups: namedGroups(groups) }),
  };
}

/** The groups named in lines. @param {string[]} lines */
export function namedGroups(lines) {
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** @param {Spread} spread @returns {Record<string, any>} */
function shown({ npc_ids: npcs, character_ids: characters, groups, ...others }) {
  const things = (/** @type {string} */ kind, /** @type {string[]} */ ids) =>
    [...ids].sort().map((id) => ({ kind, id }));
  return {
    ...others,
    npc_ids: things("npc", npcs),
    character_ids: things("character", characters),
    groups: [...groups].sort(),
  };
}

/**
 * Who knows a fact besides the game master, each with an icon; nobody where it is GM only.
 * @param {any} fact
 * @returns {{ icon: string, words: string }[]}
 */
export function knowersOfFact({ audience, listeners }) {
  if (audience === "gm") return [];
  if (audience === "public") return [{ icon: "users", words: facts.everyoneKnows }];
  const party = audience === "party" ? [{ icon: "users-round", words: facts.partyKnows }] : [];
  const listed = listeners.map((/** @type {any} */ each) =>
    each.group_name
      ? { icon: "users", words: each.group_name }
      : { icon: "user", words: each.character_name ?? each.npc_name ?? facts.deleted },
  );
  return [...party, ...listed];
}
