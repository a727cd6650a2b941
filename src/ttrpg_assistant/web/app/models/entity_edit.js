/**
 * An edit of one thing: what was changed since it was read, and what becomes of two edits at once.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {Record<string, any>} Values
 *
 * A field that two people have changed differently.
 * @typedef {{ field: Field, base: any, mine: any, theirs: any }} Clash
 */

/** What is sent for a field: no empty lines, no rows without content. @param {Field} field @param {any} value */
export function tidy(field, value) {
  switch (field.as) {
    case "name":
    case "line":
      return String(value ?? "").trim();
    case "names":
    case "lines":
      return (value ?? []).map((/** @type {string} */ line) => line.trim()).filter(Boolean);
    case "secrets":
      return (value ?? []).filter((/** @type {any} */ each) => each.text.trim() !== "");
    case "connections":
      return (value ?? []).filter((/** @type {any} */ each) => each.target.trim() !== "");
    case "flag":
      return Boolean(value);
    default:
      return value;
  }
}

/** @param {any} one @param {any} other */
export function isSame(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The fields that differ from what was read.
 * @param {Field[]} fields @param {Values} read @param {Values} written
 */
export function changesOf(fields, read, written) {
  const changed = /** @type {Values} */ ({});
  for (const field of fields) {
    if (!(field.name in written)) continue;
    const value = tidy(field, written[field.name]);
    if (!isSame(value, read[field.name])) changed[field.name] = value;
  }
  return changed;
}

/**
 * What is kept of an edit until it is stored: the fields that were changed and what they were changed
 * from. A field that nobody touched is not kept, so that it can never be put back over a newer one.
 * @param {Field[]} fields
 * @param {{ read: Values, written: Values, revision: number | null, base?: Values }} edit `base`: what
 *   the fields said at that revision, where that is not what was read
 * @returns {import("../state/saving/form_drafts.js").FormDraft | null} null when there is nothing to keep
 */
export function draftOf(fields, { read, written, revision, base = read }) {
  const values = changesOf(fields, read, written);
  const names = Object.keys(values);
  if (names.length === 0) return null;
  return { revision, values, base: Object.fromEntries(names.map((name) => [name, base[name]])) };
}

/**
 * Where a stale edit and the one before it touched the same field differently. Fields that only one
 * of the two touched need no decision.
 * @param {Field[]} fields @param {{ mine: Values, theirs: Values, base: Values }} versions
 * @returns {Clash[]}
 */
export function clashesOf(fields, { mine, theirs, base }) {
  return fields
    .filter(({ name }) => name in mine && !isSame(theirs[name], base[name]) && !isSame(theirs[name], mine[name]))
    .map((field) => ({ field, mine: mine[field.name], theirs: theirs[field.name], base: base[field.name] }));
}

/** Both versions in one, where a field can hold both; else undefined. @param {Clash} clash */
export function bothOf({ field, mine, theirs }) {
  switch (field.as) {
    case "prose":
      return [theirs, mine].filter(Boolean).join("\n\n");
    case "names":
    case "lines":
      return [...new Set([...theirs, ...mine])];
    case "secrets":
    case "connections":
    case "related":
    case "known_to": {
      const seen = new Set();
      return [...theirs, ...mine].filter((each) => {
        const key = JSON.stringify(each);
        return !seen.has(key) && seen.add(key);
      });
    }
    case "object":
      return { ...theirs, ...mine };
    default:
      return undefined;
  }
}
