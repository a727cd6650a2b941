import { newId } from "../identity.js";
import { pairs } from "../words/en/pairs.js";

/**
 * Names and values while they are written. Rows keep their order, may be without a name and may
 * share one; an object, which is what is stored, could hold none of that. Each row keeps its id, so
 * that what stands in it stays with it whatever becomes of the rows above.
 *
 * A row of a group has `rows` in place of a value.
 * @typedef {{ id: string, name: string, value?: any, rows?: PairRow[] }} PairRow
 *
 * What cannot be stored yet, as it was typed: rows, or JSON.
 * @typedef {{ rows?: PairRow[], json?: string }} Typed
 */

/** @param {Record<string, any>} value @returns {PairRow[]} */
export function rowsOf(value) {
  return Object.entries(value).map(([name, each]) => newRow(name, each));
}

/** @param {string} name @param {any} value @returns {PairRow} */
export function newRow(name, value) {
  const isGroup = value !== null && typeof value === "object" && !Array.isArray(value);
  return isGroup ? { id: newId(), name, rows: rowsOf(value) } : { id: newId(), name, value };
}

/** What can be stored of the rows: all of them where `faultsOf` finds nothing. @param {PairRow[]} rows @returns {Record<string, any>} */
export function objectOf(rows) {
  const named = rows.filter(({ name }) => name.trim() !== "");
  return Object.fromEntries(named.map((row) => [row.name, row.rows ? objectOf(row.rows) : row.value]));
}

/**
 * Why rows cannot be stored, by the row's id: a value without a name, a name for the second time.
 * @param {PairRow[]} rows @returns {Map<string, string>}
 */
export function faultsOf(rows) {
  const faults = /** @type {Map<string, string>} */ (new Map());
  const names = new Set();
  for (const row of rows) {
    if (row.name.trim() === "") {
      if (!isBlank(row)) faults.set(row.id, pairs.unnamed);
    } else if (names.has(row.name)) {
      faults.set(row.id, pairs.twice(row.name));
    }
    names.add(row.name);
    for (const [id, fault] of faultsOf(row.rows ?? [])) faults.set(id, fault);
  }
  return faults;
}

/** Whether nothing is lost when a row goes. @param {PairRow} row @returns {boolean} */
function isBlank({ name, value, rows }) {
  if (name.trim() !== "") return false;
  if (rows) return rows.every(isBlank);
  if (Array.isArray(value)) return value.every((each) => typeof each === "string" && each.trim() === "");
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

/** A text read as a group of names and values. Throws `SyntaxError` with why it is none. @param {string} text @returns {Record<string, any>} */
export function readGroup(text) {
  const read = JSON.parse(text);
  if (read === null || typeof read !== "object" || Array.isArray(read)) throw new SyntaxError(pairs.notAGroup);
  return read;
}
