import { effect, signal } from "@preact/signals";
import { settings } from "../words/en/settings.js";

/**
 * How the page looks on this device. `first.js` applies the same before the first paint.
 *
 * @typedef {"system" | "vellum" | "candle"} Theme
 */

export const THEMES = /** @type {const} */ ([
  { value: "system", label: settings.system },
  { value: "vellum", label: settings.light },
  { value: "candle", label: settings.dark },
]);

/** Text sizes in per cent of the usual one. */
export const SIZES = [90, 100, 112, 125, 150];

export const theme = signal(/** @type {Theme} */ (kept("ttrpg.theme", "system")));
export const textSize = signal(Number(kept("ttrpg.size", "100")));

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  keep("ttrpg.theme", theme.value);
});

effect(() => {
  document.documentElement.dataset.size = String(textSize.value);
  keep("ttrpg.size", String(textSize.value));
});

/** From light to dark or back, whatever the system says. */
export function toggleTheme() {
  const dark =
    theme.value === "candle" || (theme.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  theme.value = dark ? "vellum" : "candle";
}

/** @param {string} key @param {string} fallback @returns {any} */
function kept(key, fallback) {
  try {
    return localStorage.getItem(key) ?? fallback;
  } catch {
    return fallback;
  }
}

/** @param {string} key @param {string} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not kept: the choice holds until the page is closed.
  }
}
