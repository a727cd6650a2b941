/**
 * What was typed into a form and not saved yet: kept for this tab, so that closing the form, or a
 * reload, loses nothing.
 *
 * @typedef {object} FormDraft
 * @property {number | null} revision of what it was written over; null for something new
 * @property {Record<string, any>} values the fields that were changed
 * @property {Record<string, any>} [base] what those fields said before
 * @property {Record<string, import("../../models/pair_rows.js").Typed>} [typed] what cannot be stored as it stands
 */
const PREFIX = "ttrpg.form.";

const kept = /** @type {Map<string, FormDraft>} */ (new Map());

/** @param {string} name @returns {FormDraft | null} */
export function findDraft(name) {
  if (kept.has(name)) return kept.get(name) ?? null;
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {string} name @param {FormDraft} draft */
export function saveDraft(name, draft) {
  kept.set(name, draft);
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(draft));
  } catch {
    // No room: it is kept until the page is closed.
  }
}

/** @param {string} name */
export function removeDraft(name) {
  kept.delete(name);
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // It was not there either.
  }
}
