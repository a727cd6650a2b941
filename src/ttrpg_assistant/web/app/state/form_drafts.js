/**
 * What was typed into a form and not saved yet: kept for this tab, so that closing the form, or a
 * reload, loses nothing.
 *
 * @typedef {{ revision: number | null, values: Record<string, any> }} FormDraft
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
export function keepDraft(name, draft) {
  kept.set(name, draft);
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(draft));
  } catch {
    // No room: it is kept until the page is closed.
  }
}

/** @param {string} name */
export function dropDraft(name) {
  kept.delete(name);
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // It was not there either.
  }
}
