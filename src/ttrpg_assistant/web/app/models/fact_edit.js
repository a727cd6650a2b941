/**
 * An edit of a fact and of who knows it, and what becomes of it when the fact was changed meanwhile.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 *
 * A fact as an edit names it. Listeners are a set: their order says nothing.
 * @typedef {{ text: string, audience: string, npc_ids: string[], groups: string[] }} Spread
 *
 * What the form shows: NPCs as the things of the campaign that they are.
 * @typedef {import("./entity_edit.js").Clash} Clash
 */

import { clashesOf } from "./entity_edit.js";
import { facts } from "../words/en/facts.js";

/** Who may know a fact. @type {[string, string][]} */
export const AUDIENCES = [
  ["gm", facts.gmOnly],
  ["npcs", facts.theseNpcs],
  ["public", facts.everyone],
];

/** @type {Field[]} */
const FIELDS = [
  { name: "text", label: facts.text, as: "prose" },
  { name: "audience", label: facts.audience, as: "choice", options: AUDIENCES },
  { name: "npc_ids", label: facts.npcs, as: "related", offers: ["npc"] },
  { name: "groups", label: facts.groups, as: "lines" },
];

/** A stored fact as the form edits it: NPCs and groups are one audience there. @param {any} fact @returns {Spread} */
export function spreadOf(fact) {
  const of = (/** @type {string} */ name) =>
    fact.listeners.map((/** @type {any} */ each) => each[name]).filter(Boolean);
  return {
    text: fact.text,
    audience: fact.audience === "group" ? "npcs" : fact.audience,
    npc_ids: of("npc_id"),
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
export function chosenSpread({ npc_ids: npcs, groups, ...others }) {
  return {
    ...others,
    ...(npcs && { npc_ids: npcs.map((/** @type {any} */ each) => each.id) }),
    ...(groups && { groups: namedGroups(groups) }),
  };
}

/** The groups named in lines. @param {string[]} lines */
export function namedGroups(lines) {
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** @param {Spread} spread @returns {Record<string, any>} */
function shown({ npc_ids: ids, groups, ...others }) {
  return { ...others, npc_ids: [...ids].sort().map((id) => ({ kind: "npc", id })), groups: [...groups].sort() };
}
