import { counts } from "../words/en/counts.js";
import { imports as t } from "../words/en/imports.js";

/** @type {[string, (n: number) => string][]} */
const MADE = [
  ["new", t.made],
  ["changed", t.changed],
  ["same", t.same],
  ["facts", t.factsMade],
  ["facts_changed", t.factsChanged],
  ["relations", t.relationsMade],
  ["relations_left_out", t.relationsLeftOut],
  ["pictures", t.picturesMade],
  ["conversations", counts.conversations],
  ["links_left_out", t.linksLeftOut],
];

/** "3 things made, 2 facts added": what an import did. @param {Record<string, number>} made */
export function madeWords(made) {
  return MADE.filter(([name]) => made[name])
    .map(([name, words]) => words(made[name]))
    .join(", ");
}
