import { amounts } from "../words/en/amounts.js";

/**
 * Seconds, tokens and money in words, the same on every screen.
 *
 * @typedef {import("../types.js").ModelOffer} ModelOffer
 * @typedef {import("../types.js").Price} Price
 */

/** "8 s", "1 min 20 s". @param {number} seconds */
export function secondsWords(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return amounts.seconds(whole);
  const rest = whole % 60;
  return rest === 0 ? amounts.minutes(whole / 60) : amounts.minutesAndSeconds(Math.floor(whole / 60), rest);
}

/** "32,768". @param {number} count */
export function countWords(count) {
  return Math.round(count).toLocaleString("en");
}

/** A size to compare at a glance: "900", "33K", "1M". @param {number} tokens */
export function shortCount(tokens) {
  if (tokens < 1000) return String(tokens);
  if (tokens < 999_500) return `${Math.round(tokens / 1000)}K`;
  const millions = Math.round(tokens / 100_000) / 10;
  return `${millions}M`;
}

/** US dollars, to the cent or, below that, to two digits: "$1.20", "$0.0042". @param {number} dollars */
export function moneyWords(dollars) {
  if (dollars === 0) return "$0.00";
  if (dollars < 0.0001) return amounts.underSmallest;
  // Two digits that say something, without a tail of zeros.
  const places = Math.min(4, Math.max(2, 1 - Math.floor(Math.log10(dollars))));
  return `$${dollars
    .toFixed(places)
    .replace(/(\.\d\d\d?)0+$/, "$1")
    .replace(/(\.\d\d)0$/, "$1")}`;
}

/** "3,400 tokens in, 210 out": read by the model, and written. @param {number | null | undefined} read @param {number | null | undefined} written */
export function tokensWords(read, written) {
  return amounts.tokens(
    read == null ? amounts.unknown : countWords(read),
    written == null ? amounts.unknown : countWords(written),
  );
}

/** What a message took; nothing is said of money where none is asked, nor of the built-in model's words: "3,400 tokens in, 210 out · 3,000 cached · $0.012". @param {import("../types.js").Message} message @returns {string[]} */
export function messageCost({ model, tokens_in: read, tokens_out: written, tokens_cached: cached, cost }) {
  if (model === "offline") return [];
  const parts = [];
  if (read != null || written != null) {
    parts.push(tokensWords(read, written));
  }
  if (cached) parts.push(amounts.cached(countWords(cached)));
  if (cost) parts.push(moneyWords(cost));
  return parts;
}

/** "About 3,400 tokens · $0.02". @param {{ tokens: number, cost?: number | null, fits?: boolean }} estimate */
export function estimateWords({ tokens, cost, fits = true }) {
  if (!fits) return amounts.tooLong;
  return [amounts.about(countWords(roughly(tokens))), cost ? moneyWords(cost) : ""].filter(Boolean).join(" · ");
}

/** To two digits: an estimate does not know more. @param {number} count */
function roughly(count) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.round(count / step) * step;
}

const SOURCES = /** @type {Record<string, string>} */ ({
  listed: amounts.sourceListed,
  asked: amounts.sourceAsked,
  learned: amounts.sourceLearned,
  set: amounts.sourceSet,
  assumed: amounts.sourceAssumed,
});

/** Where a context size comes from. @param {string | null | undefined} source */
function sourceWords(source) {
  return (source && SOURCES[source]) || "";
}

/** "Context: about 32,768 tokens · published by the provider". @param {ModelOffer} model */
export function contextWords({ context_tokens: tokens, context_source: source }) {
  if (!tokens) return amounts.contextUnknown;
  return [amounts.context(countWords(tokens)), sourceWords(source)].filter(Boolean).join(" · ");
}

const PRICE_SOURCES = /** @type {Record<string, string>} */ ({
  table: amounts.priceTable,
  listed: amounts.priceListed,
  set: amounts.priceSet,
});

/** "$3.00 in, $15.00 out, per million tokens". @param {Price | null | undefined} price */
export function priceWords(price) {
  if (!price) return amounts.priceUnknown;
  if (price.in === 0 && price.out === 0) return amounts.free;
  const source = PRICE_SOURCES[price.source ?? ""];
  return [amounts.price(moneyWords(price.in), moneyWords(price.out)), source].filter(Boolean).join(" · ");
}

/** The same, short enough for a list: "$3.00 / $15.00". @param {Price | null | undefined} price */
export function shortPrice(price) {
  if (!price) return "";
  return price.in === 0 && price.out === 0 ? amounts.freeShort : `${moneyWords(price.in)} / ${moneyWords(price.out)}`;
}

/**
 * A whole number of tokens as people write it: "32768", "32,768", "32 768", "32k", "1M".
 * @param {string} text
 * @returns {number | null | undefined} null for an empty field, undefined when it is no such number
 */
export function readTokens(text) {
  const plain = text.trim().toLowerCase();
  if (plain === "") return null;
  const found = /^(\d{1,3}(?:[ ,.'_]\d{3})+|\d+(?:\.\d+)?)\s?(k|m)?$/.exec(plain);
  if (!found) return undefined;
  const grouped = /[ ,.'_]\d{3}$/.test(found[1]) && !found[2];
  const number = Number(grouped ? found[1].replace(/[ ,.'_]/g, "") : found[1]);
  const value = number * ({ k: 1000, m: 1_000_000 }[found[2]] ?? 1);
  return Number.isInteger(value) && value > 0 && value <= 100_000_000 ? value : undefined;
}

/**
 * An amount of dollars: "3", "0.25", "$1.20", "0,25".
 * @param {string} text
 * @returns {number | null | undefined} null for an empty field, undefined when it is no amount
 */
export function readDollars(text) {
  const plain = text
    .trim()
    .replace(/^\$\s?/, "")
    .replace(",", ".");
  if (plain === "") return null;
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(plain)) return undefined;
  return Number(plain);
}
