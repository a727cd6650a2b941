import { LABELS } from "./cures.js";
import { countWords, readDollars, readTokens } from "./amounts.js";
import { models } from "../words/en/models.js";

/**
 * The numbers that can be set for a model: how each is read from its field, shown in it, and sent.
 *
 * @typedef {import("../types.js").ModelOffer} ModelOffer
 *
 * @typedef {object} Field
 * @property {string} key
 * @property {string} label
 * @property {(model: ModelOffer) => string} show the field's text: what the game master has set
 * @property {(model: ModelOffer) => string} automatic what holds where nothing is set, "" when that is not known
 * @property {(text: string) => number | null | undefined} read undefined: no such number
 * @property {string} wrong what is said then
 * @property {() => string} hint
 *
 * @typedef {{ limits: Record<string, number | null>, price: { in: number, cached: number | null, out: number } | null | undefined }} Changes
 *   `price` is undefined when it stays as it is, null when it is to be forgotten
 */

const WRONG_TOKENS = models.wrongTokens;
const WRONG_DOLLARS = models.wrongDollars;

/** @type {Field[]} */
export const LIMITS = [
  {
    key: "context_tokens",
    label: LABELS.contextSize,
    show: ({ context_tokens: tokens, context_source: source }) => (tokens && source === "set" ? String(tokens) : ""),
    automatic: ({ context_tokens: tokens, context_source: source }) =>
      tokens && source !== "set" ? countWords(tokens) : "",
    read: readTokens,
    wrong: WRONG_TOKENS,
    hint: () => models.contextWords,
  },
  {
    key: "answer_tokens",
    label: LABELS.answerLength,
    show: ({ answer_tokens: tokens }) => (tokens ? String(tokens) : ""),
    automatic: () => "",
    read: readTokens,
    wrong: WRONG_TOKENS,
    hint: () => models.answerWords,
  },
];

/** @type {Field[]} */
export const PRICES = [amount("in", models.input), amount("cached", models.cachedInput), amount("out", models.output)];

/** @param {"in" | "cached" | "out"} key @param {string} label @returns {Field} */
function amount(key, label) {
  const words = (/** @type {ModelOffer} */ { price }, /** @type {boolean} */ isSet) =>
    price && (price.source === "set") === isSet && price[key] != null ? String(price[key]) : "";
  return {
    key,
    label,
    show: (model) => words(model, true),
    automatic: (model) => words(model, false),
    read: readDollars,
    wrong: WRONG_DOLLARS,
    hint: () => "",
  };
}

/**
 * What is to be sent, and what is wrong, by field.
 * @param {ModelOffer} model @param {Record<string, string>} texts of the fields
 * @returns {{ changes: Changes, wrong: Record<string, string> }}
 */
export function readNumbers(model, texts) {
  /** @type {Record<string, string>} */
  const wrong = {};
  /** @type {Record<string, any>} */
  const read = {};
  for (const field of [...LIMITS, ...PRICES]) {
    read[field.key] = field.read(texts[field.key]);
    if (read[field.key] === undefined) wrong[field.key] = field.wrong;
  }
  const isChanged = (/** @type {Field} */ field) => texts[field.key].trim() !== field.show(model);
  const limits = Object.fromEntries(LIMITS.filter(isChanged).map(({ key }) => [key, read[key]]));
  const context = read.context_tokens ?? model.context_tokens;
  if (
    !wrong.answer_tokens &&
    "answer_tokens" in limits &&
    limits.answer_tokens &&
    context &&
    limits.answer_tokens >= context
  ) {
    wrong.answer_tokens = models.answerTooLong(countWords(context));
  }
  let price;
  if (PRICES.some(isChanged)) {
    const isEmpty = PRICES.every(({ key }) => read[key] === null);
    price = isEmpty ? null : { in: read.in, cached: read.cached, out: read.out };
    if (!isEmpty && read.in === null) wrong.in ??= models.priceNeedsBoth;
    if (!isEmpty && read.out === null) wrong.out ??= models.priceNeedsBoth;
  }
  return { changes: { limits, price }, wrong };
}
