/**
 * Dice as they are written at the table: `2d6+3`, `d20`, `4d6kh3`, `2d20kl1 - 1`.
 *
 * @typedef {{ count: number, sides: number, keep: number, lowest: boolean, sign: 1 | -1 }} Throw
 * @typedef {{ throws: Throw[], more: number, text: string }} Dice
 * @typedef {{ text: string, total: number, parts: { rolled: number[], kept: boolean[], sides: number, sign: 1 | -1 }[], more: number }} Rolled
 */

const MOST_DICE = 100;
const MOST_SIDES = 1000;

/** What is written, or null when it is not dice. @param {string} text @returns {Dice | null} */
export function parseDice(text) {
  const plain = text.toLowerCase().replaceAll("−", "-").replace(/\s+/g, "");
  if (!/^[+-]?(\d*d\d+(k[hl]?\d+)?|\d+)([+-](\d*d\d+(k[hl]?\d+)?|\d+))*$/.test(plain)) return null;
  const dice = /** @type {Dice} */ ({ throws: [], more: 0, text: plain });
  for (const [, sign, term] of plain.matchAll(/([+-]?)([^+-]+)/g)) {
    const way = sign === "-" ? -1 : 1;
    const found = /^(\d*)d(\d+)(?:k([hl]?)(\d+))?$/.exec(term);
    if (!found) {
      dice.more += way * Number(term);
      continue;
    }
    const count = found[1] === "" ? 1 : Number(found[1]);
    const sides = Number(found[2]);
    if (count < 1 || count > MOST_DICE || sides < 2 || sides > MOST_SIDES) return null;
    const keep = Math.min(count, found[4] ? Number(found[4]) : count);
    dice.throws.push({ count, sides, keep, lowest: found[3] === "l", sign: way });
  }
  return dice.throws.length > 0 ? dice : null;
}

/** Throws them. @param {Dice} dice @param {(sides: number) => number} [throwOne] one die, from 1 @returns {Rolled} */
export function roll(dice, throwOne = fair) {
  const parts = dice.throws.map(({ count, sides, keep, lowest, sign }) => {
    const rolled = Array.from({ length: count }, () => throwOne(sides));
    const order = rolled.map((_, at) => at).sort((a, b) => (lowest ? rolled[a] - rolled[b] : rolled[b] - rolled[a]));
    const best = new Set(order.slice(0, keep));
    return { rolled, kept: rolled.map((_, at) => best.has(at)), sides, sign };
  });
  const total = parts.reduce(
    (sum, { rolled, kept, sign }) => sum + sign * rolled.reduce((all, each, at) => all + (kept[at] ? each : 0), 0),
    dice.more,
  );
  return { text: dice.text, total, parts, more: dice.more };
}

/** One fair die: numbers that would favour some faces are thrown away. @param {number} sides */
function fair(sides) {
  const limit = Math.floor(2 ** 32 / sides) * sides;
  const number = new Uint32Array(1);
  do crypto.getRandomValues(number);
  while (number[0] >= limit);
  return (number[0] % sides) + 1;
}

/** As one line of text: `2d6+3 = 11 (4, 4)`. @param {Rolled} rolled */
export function rolledWords({ text, total, parts }) {
  const faces = parts
    .map(({ rolled, kept }) => rolled.map((face, at) => (kept[at] ? `${face}` : `(${face})`)).join(", "))
    .join(" · ");
  return `${text} = ${total} [${faces}]`;
}
