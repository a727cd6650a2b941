import { attitudeWord } from "./relation_words.js";
import { relationGraph as t } from "../words/en/relation_graph.js";

/**
 * The relations of a campaign as a graph: things, what is between them, and what of that is shown.
 *
 * @typedef {object} GraphThing
 * @property {number} place in the list of things; a relation names its ends by it
 * @property {string} kind
 * @property {string} id
 * @property {string} name
 * @property {string[]} tags
 * @property {boolean} is_gm_only
 * @property {boolean} is_archived
 *
 * @typedef {object} GraphRelation
 * @property {string} id
 * @property {number} from_place
 * @property {number} to_place
 * @property {string} label
 * @property {number | null} attitude
 * @property {string} audience
 *
 * @typedef {object} Graph
 * @property {GraphThing[]} things
 * @property {GraphRelation[]} relations
 * @property {GraphRelation[][]} touching the relations of each thing, by its place
 * @property {Map<string, GraphThing>} byId
 * @property {number} leftOut relations that are too many for the picture
 *
 * @typedef {object} Narrowing
 * @property {Set<string>} hidden kinds that are not shown
 * @property {string} tag only things with it; empty for all
 * @property {boolean} archived whether archived things are shown
 * @property {string | null} near only what is around this thing
 * @property {number} steps how far around it
 *
 * @typedef {{ things: GraphThing[], relations: GraphRelation[], isShown: boolean[] }} Shown
 * @typedef {{ relation: GraphRelation, other: GraphThing, isTo: boolean }} Tie a relation seen from one of its ends
 */

/** @type {Narrowing} */
export const EVERYTHING = { hidden: new Set(), tag: "", archived: false, near: null, steps: 1 };

/** How far around a thing can be asked for. */
export const MOST_STEPS = 3;

/** @param {{ things: any[], relations: GraphRelation[], left_out: number }} answer @returns {Graph} */
export function readGraph({ things, relations, left_out: leftOut }) {
  const all = things.map((thing, place) => ({ ...thing, place }));
  const touching = all.map(() => /** @type {GraphRelation[]} */ ([]));
  for (const relation of relations) {
    touching[relation.from_place].push(relation);
    touching[relation.to_place].push(relation);
  }
  return { things: all, relations, touching, byId: new Map(all.map((thing) => [thing.id, thing])), leftOut };
}

/** What is shown of it, in the same order. @param {Graph} graph @param {Narrowing} narrowing @returns {Shown} */
export function narrow(graph, { hidden, tag, archived, near, steps }) {
  let isShown = graph.things.map(
    (thing) => !hidden.has(thing.kind) && (tag === "" || thing.tags.includes(tag)) && (archived || !thing.is_archived),
  );
  const middle = near === null ? undefined : graph.byId.get(near);
  if (middle) isShown = within(graph, middle, steps, isShown);
  return {
    things: graph.things.filter(({ place }) => isShown[place]),
    relations: graph.relations.filter(({ from_place: from, to_place: to }) => isShown[from] && isShown[to]),
    isShown,
  };
}

/**
 * What is so many relations away at most; the thing itself is, in any case.
 * @param {Graph} graph @param {GraphThing} middle @param {number} steps @param {boolean[]} allowed
 */
function within(graph, middle, steps, allowed) {
  const reached = graph.things.map(() => false);
  reached[middle.place] = true;
  let edge = [middle.place];
  for (let step = 0; step < steps && edge.length > 0; step += 1) {
    const next = [];
    for (const place of edge) {
      for (const relation of graph.touching[place]) {
        const other = otherEnd(relation, place);
        if (reached[other] || !allowed[other]) continue;
        reached[other] = true;
        next.push(other);
      }
    }
    edge = next;
  }
  return reached;
}

/** @param {GraphRelation} relation @param {number} place of one end @returns {number} that of the other */
export function otherEnd({ from_place: from, to_place: to }, place) {
  return from === place ? to : from;
}

/** The relations of a thing that are shown, by what the others are called. @param {Graph} graph @param {Shown} shown @param {GraphThing} thing @returns {Tie[]} */
export function tiesOf(graph, { isShown }, { place }) {
  return graph.touching[place]
    .filter((relation) => isShown[otherEnd(relation, place)])
    .map((relation) => ({
      relation,
      other: graph.things[otherEnd(relation, place)],
      isTo: relation.from_place === place,
    }))
    .sort((a, b) => byName(a.other, b.other) || Number(b.isTo) - Number(a.isTo));
}

/** "To The Guild: owes a debt, wary, GM only". @param {Tie} tie */
export function tieWords({ relation, other, isTo }) {
  const end = isTo ? t.toOther(called(other)) : t.fromOther(called(other));
  const words = relationPhrase(relation);
  return words ? t.said(end, words) : end;
}

/** What a relation says, in words: "owes a debt, wary, GM only". @param {GraphRelation} relation */
export function relationPhrase({ label, attitude, audience }) {
  return [label, attitudeWord(attitude), audience === "gm" && t.gmOnly].filter(Boolean).join(", ");
}

/** @param {GraphThing} thing */
export function called({ name }) {
  return name || t.unnamed;
}

/** For lists: by name, the older of two of the same name first. @param {GraphThing} one @param {GraphThing} other */
export function byName(one, other) {
  return order.compare(one.name, other.name) || one.place - other.place;
}

const order = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** The tags that things in the graph have, in order. @param {Graph} graph */
export function tagsOf({ things }) {
  return [...new Set(things.flatMap(({ tags }) => tags))].sort(order.compare);
}

/** How many things there are of each kind. @param {Graph} graph @returns {Map<string, number>} */
export function countKinds({ things }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind } of things) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
