import { kindSuggested } from "../state/campaign/campaign_kinds.js";
import { fieldOf, kindSign, nameIn, plain } from "./proposals.js";

/**
 * How large the card of a proposal will be: the same words in the same places. Its kind and its name
 * are shown as soon as they are known.
 *
 * @typedef {import("../types.js").ShownCard} ShownCard
 * @typedef {object} Outline
 * @property {{ words: string, icon: string } | null} sign
 * @property {string} title
 * @property {string} why
 * @property {[label: string, text: string][]} rows
 */

/** While nothing of a card is known. @type {Outline} */
export const UNKNOWN = { sign: null, title: "", why: "", rows: [] };

const known = /** @type {WeakMap<ShownCard, Outline>} */ (new WeakMap());

/** @param {ShownCard} card @returns {Outline} the same each time it is asked */
export function outlineOf(card) {
  let outline = known.get(card);
  if (!outline) {
    const { kind, title = "", rationale = "", fields = {} } = card;
    const target = kindSuggested(kind)?.name ?? "";
    const rows = Object.entries(fields).map(
      ([name, value]) => /** @type {[string, string]} */ ([fieldOf(target, name).label, plain(value)]),
    );
    outline = { sign: kindSign({ kind }), title: nameIn(title), why: rationale, rows };
    known.set(card, outline);
  }
  return outline;
}
