/**
 * What a roll on a random table came to.
 *
 * @typedef {{ table: string, dice: string, total: number, text: string }} TableRoll `table` is empty for dice within a line
 * @typedef {{ text: string, rolls: TableRoll[] }} RolledResult
 */

/** One roll in a few words: "Rumours d6: 4". @param {TableRoll} roll */
export function rollWords({ table, dice, total }) {
  return `${table ? `${table} ` : ""}${dice}: ${total}`;
}

/** The whole result as one line of the log of rolls. @param {RolledResult} result */
export function tableRollWords({ text, rolls }) {
  const [first] = rolls;
  return first ? `${rollWords(first)} = ${text}` : text;
}
