import { models } from "../words/en/models.js";

/**
 * Which controls of the page a cure names, so that they can be offered as buttons.
 */

/**
 * What the controls under Settings → Model are called: on the page, and in every cure that names
 * one. The server's words name them by these labels.
 */
export const LABELS = {
  model: models.model,
  contextSize: models.contextSize,
  answerLength: models.answerLength,
  thinking: models.thinking,
  price: models.price,
  key: "Key",
  address: models.address,
};

/** Where such a control is. @param {string} label */
function settingsPlace(label) {
  return `/settings?at=${label.toLowerCase().replaceAll(" ", "-")}`;
}

/** @typedef {{ label: string, href: string } | { label: string, chooses: true }} Control */

const CHOOSING =
  /\b(?:choose|try|use|pick) (?:another|a different|a larger|a smaller|a) (?:\w+ ){0,2}model\b|\banother model\b/i;

/**
 * The controls that a cure names, each once, the most exact first.
 * @param {string | null | undefined} cure
 * @returns {Control[]}
 */
export function controlsIn(cure) {
  if (!cure) return [];
  /** @type {Control[]} */
  const found = [];
  for (const label of [LABELS.contextSize, LABELS.answerLength, LABELS.thinking, LABELS.price]) {
    if (cure.includes(label)) found.push({ label, href: settingsPlace(label) });
  }
  if (CHOOSING.test(cure)) found.push({ label: models.choose, chooses: true });
  const isKey = /\b(?:key|address)\b/i.test(cure);
  if (/\bSettings\b/.test(cure) && (found.length === 0 || isKey)) {
    found.unshift({ label: models.settings, href: isKey ? settingsPlace("provider") : "/settings" });
  }
  return found;
}
