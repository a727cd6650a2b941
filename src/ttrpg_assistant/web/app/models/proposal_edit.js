import { differenceOf, plain } from "./proposals.js";

/**
 * A proposal in a person's own words: what the form shows of what is there by now, and what is
 * sent. A value somebody else wrote is never overwritten unless it was looked at and ticked.
 *
 * @typedef {import("./proposals.js").Suggestion} Suggestion
 * @typedef {import("./proposals.js").FieldPatch} FieldPatch
 *
 * @typedef {object} EditRow
 * @property {string} field
 * @property {any} now what the thing says at this moment
 * @property {boolean} disputed it was changed since it was proposed, or since the form opened
 * @property {boolean} taken it will be written
 */

/**
 * The fields as they stand when the form opens; later changes are measured against them.
 * @param {Suggestion} suggestion @returns {FieldPatch[]}
 */
export function openEdit(suggestion) {
  return differenceOf(suggestion);
}

/**
 * The rows of the form.
 * @param {FieldPatch[]} opened from `openEdit`
 * @param {Suggestion} suggestion as it stands now
 * @param {Record<string, any>} values what is typed
 * @param {Record<string, string>} ticked by field, the value (`markOf`) that was looked at
 * @returns {EditRow[]}
 */
export function editRows(opened, suggestion, values, ticked) {
  const standing = new Map((suggestion.difference ?? []).map((patch) => [patch.field, patch]));
  const written = suggestion.written ?? {};
  const elsewhere = isForAnother(opened, standing, values);
  return opened
    .filter(({ field }) => !(field in written))
    .map((before) => {
      const { field } = before;
      const patch = standing.get(field) ?? before;
      const changed = patch.outcome === "conflict" || !isSame(patch.current, before.current);
      const disputed = !elsewhere && patch.mode === "replace" && changed && !isSame(tidy(values[field]), patch.current);
      return { field, now: patch.current, disputed, taken: !disputed || ticked[field] === markOf(patch.current) };
    });
}

/**
 * What is sent for these rows: the revision they were looked at, and the person's own words.
 * @param {EditRow[]} rows @param {Suggestion} suggestion @param {Record<string, any>} values
 */
export function acceptanceOf(rows, suggestion, values) {
  const taken = rows.filter((row) => row.taken).map(({ field }) => field);
  const edits = Object.fromEntries(
    taken.filter((field) => isTyped(field, suggestion, values)).map((field) => [field, tidy(values[field])]),
  );
  return {
    edits,
    seen_revision: suggestion.target_revision ?? undefined,
    ...(taken.length < rows.length && { fields: taken }),
  };
}

/** Whether words were typed that would be lost with the form. @param {EditRow[]} rows @param {Suggestion} suggestion @param {Record<string, any>} values */
export function leavesWords(rows, suggestion, values) {
  return rows.some((row) => !row.taken && isTyped(row.field, suggestion, values));
}

/** What a tick is for; when something else is there later, it was not for that. @param {any} value */
export function markOf(value) {
  return JSON.stringify(value ?? null);
}

/** @param {string} field @param {Suggestion} suggestion @param {Record<string, any>} values */
function isTyped(field, suggestion, values) {
  return markOf(tidy(values[field])) !== markOf(suggestion.fields[field]);
}

/**
 * Whether another name was typed, while what had been new exists by now: then it is for somebody else.
 * @param {FieldPatch[]} opened @param {Map<string, FieldPatch>} standing @param {Record<string, any>} values
 */
function isForAnother(opened, standing, values) {
  const named = opened.find(({ field }) => field === "name" || field === "title");
  return named !== undefined && !standing.has(named.field) && !isSame(values[named.field], named.proposed);
}

/** Without the empty lines that typing leaves. @param {any} value */
function tidy(value) {
  return Array.isArray(value) ? value.filter((each) => plain(each).trim() !== "") : value;
}

/** Whether two values say the same; all kinds of nothing are alike. @param {any} one @param {any} other */
function isSame(one, other) {
  return isBlank(one) ? isBlank(other) : markOf(one) === markOf(other);
}

/** @param {any} value */
function isBlank(value) {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}
