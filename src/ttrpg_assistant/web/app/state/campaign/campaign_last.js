import { signal } from "@preact/signals";

/**
 * The campaign looked at last on this device, for ways back to it.
 *
 * @typedef {{ id: string, name: string }} LastCampaign
 */
const KEY = "ttrpg.last-campaign";

/** Counts the times another one was remembered: what shows it is drawn anew then, and not some time later. */
const changes = signal(0);

/** @param {LastCampaign} campaign */
export function rememberCampaign({ id, name }) {
  const kept = JSON.stringify({ id, name });
  try {
    if (localStorage.getItem(KEY) === kept) return;
    localStorage.setItem(KEY, kept);
  } catch {
    return; // Only a convenience.
  }
  changes.value += 1;
}

/** @returns {LastCampaign | null} */
export function findLastCampaign() {
  changes.value;
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
