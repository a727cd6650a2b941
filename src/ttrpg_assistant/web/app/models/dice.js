import { dice as words } from "../words/en/dice.js";

/**
 * Plain dice, `2d6+3`, `d20`, `4d6kh3`, `2d20kl1 - 1`: what is rolled on this device while the
 * server, which reads everything tables say of dice, is away. One table of cases holds both.
 *
 * @typedef {{ count: number, sides: number, keep: number, lowest: boolean, sign: 1 | -1 }} Throw
 * @typedef {{ throws: Throw[], more: number, text: string }} Dice
 *
 * A roll, as the server says it.
 * @typedef {object} Rolled
 * @property {string} expression
 * @property {number} total
 * @property {{ value: number, sides: number, exploded: boolean, counts: boolean }[]} dice
 * @property {number | null} [successes] of dice that were counted
 * @property {boolean | null} [passed] of a total that was held against a number
 */

const MOST_DICE = 100;
const MOST_SIDES = 1000;
const DICE = /^[+-]?(\d*d\d+(k[hl]?\d*)?|\d+)([+-](\d*d\d+(k[hl]?\d*)?|\d+))*$/;

/** As long as what the server reads. */
const LONGEST = 300;

/** So many faces are written into the log. */
const MOST_FACES = 100;

/** What is written, or null when it is not plain dice. @param {string} text @returns {Dice | null} */
export function parseDice(text) {
  if (text.length > LONGEST) return null;
  const plain = text.toLowerCase().replaceAll("−", "-").replace(/\s+/g, "");
  if (!DICE.test(plain)) return null;
  const dice = /** @type {Dice} */ ({ throws: [], more: 0, text: plain });
  for (const [, sign, term] of plain.matchAll(/([+-]?)([^+-]+)/g)) {
    const way = sign === "-" ? -1 : 1;
    const found = /^(\d*)d(\d+)(?:(k[hl]?)(\d*))?$/.exec(term);
    if (!found) {
      dice.more += way * Number(term);
      continue;
    }
    const count = found[1] === "" ? 1 : Number(found[1]);
    const sides = Number(found[2]);
    // Two sixes are tens and ones, which only the server reads.
    if (count < 1 || count > MOST_DICE || sides < 2 || sides > MOST_SIDES || sides === 66) return null;
    const keep = found[3] ? Number(found[4] || 1) : count;
    if (keep > count) return null;
    dice.throws.push({ count, sides, keep, lowest: found[3] === "kl", sign: way });
  }
  return dice.throws.length > 0 ? dice : null;
}

/** Throws them. @param {Dice} plain @param {(sides: number) => number} [throwOne] one die, from 1 @returns {Rolled} */
export function roll(plain, throwOne = fair) {
  let total = plain.more;
  const dice = plain.throws.flatMap(({ count, sides, keep, lowest, sign }) => {
    const faces = Array.from({ length: count }, () => throwOne(sides));
    const order = faces.map((_, at) => at).sort((a, b) => (lowest ? faces[a] - faces[b] : faces[b] - faces[a]));
    const best = new Set(order.slice(0, keep));
    for (const at of best) total += sign * faces[at];
    return faces.map((value, at) => ({ value, sides, exploded: false, counts: best.has(at) }));
  });
  return { expression: plain.text, total, dice };
}

/** One fair die: numbers that would favour some faces are thrown away. @param {number} sides */
function fair(sides) {
  const limit = Math.floor(2 ** 32 / sides) * sides;
  const number = new Uint32Array(1);
  do crypto.getRandomValues(number);
  while (number[0] >= limit);
  return (number[0] % sides) + 1;
}

/** What it came to: "11", "3 successes", "14, failure". @param {Rolled} rolled */
export function totalWords({ total, successes = null, passed = null }) {
  if (successes !== null) return words.successes(successes);
  if (passed !== null) return passed ? words.passed(total) : words.failed(total);
  return String(total);
}

/** As one line of text: `2d20kh1+3 = 18 [(4), 15]`; what does not count is in brackets. @param {Rolled} rolled */
export function rolledWords(rolled) {
  const faces = rolled.dice.slice(0, MOST_FACES).map(({ value, exploded, counts }) => {
    const face = `${value}${exploded ? "!" : ""}`;
    return counts ? face : `(${face})`;
  });
  const left = rolled.dice.length - faces.length;
  if (left > 0) faces.push(words.more(left));
  return `${rolled.expression} = ${totalWords(rolled)} [${faces.join(", ")}]`;
}
