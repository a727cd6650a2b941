import { countWords, moneyWords, tokensWords } from "./amounts.js";
import { modelName } from "./model_list.js";
import { amounts } from "../words/en/amounts.js";
import { counts } from "../words/en/counts.js";

/**
 * What answers took and cost, in words.
 *
 * @typedef {object} Spent
 * @property {number} answers
 * @property {number} tokens_in
 * @property {number} tokens_cached
 * @property {number} tokens_out
 * @property {number | null} cost in US dollars; null: no price was known
 * @property {number} unpriced answers whose price was not known
 *
 * @typedef {Spent & { models: (Spent & { model: string | null })[] }} SpentByModel
 * @typedef {SpentByModel & { month: string }} Month
 * @typedef {{ months: Month[], conversation: SpentByModel | null }} Spending
 */

/** "34 answers · 120,400 tokens in, 8,300 out · $1.20". @param {Spent} spent */
export function spentWords({ answers, tokens_in: read, tokens_out: written, tokens_cached: cached, cost, unpriced }) {
  const parts = [counts.answers(answers), tokensWords(read, written)];
  if (cached > 0) parts.push(amounts.cached(countWords(cached)));
  if (cost)
    parts.push(unpriced > 0 ? amounts.costAndUnpriced(moneyWords(cost), countWords(unpriced)) : moneyWords(cost));
  return parts.join(" · ");
}

/** What each model took, where there was more than one. @param {SpentByModel} spent @returns {string[]} */
export function modelLines({ models }) {
  if (models.length < 2) return [];
  return models.map(
    (each) => `${each.model === null ? amounts.unknownModel : modelName(each.model)}: ${spentWords(each)}`,
  );
}

/** "November 2026". @param {string} month as "2026-11" @param {string} [language] */
export function monthWords(month, language) {
  const [year, number] = month.split("-").map(Number);
  return new Intl.DateTimeFormat(language, { month: "long", year: "numeric" }).format(new Date(year, number - 1, 15));
}
