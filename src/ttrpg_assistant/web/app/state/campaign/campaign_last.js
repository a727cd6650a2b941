/**
 * The campaign looked at last on this device, for ways back to it.
 *
 * @typedef {{ id: string, name: string }} LastCampaign
 */
const KEY = "ttrpg.last-campaign";

/** @param {LastCampaign} campaign */
export function rememberCampaign({ id, name }) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ id, name }));
  } catch {
    // Only a convenience.
  }
}

/** @returns {LastCampaign | null} */
export function findLastCampaign() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** A small choice that is remembered on this device. @template T @param {string} name @param {T} fallback @returns {T} */
export function recall(name, fallback) {
  try {
    const text = localStorage.getItem(`ttrpg.${name}`);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** @param {string} name @param {unknown} value */
export function remember(name, value) {
  try {
    localStorage.setItem(`ttrpg.${name}`, JSON.stringify(value));
  } catch {
    // It holds until the page is closed.
  }
}
