/** The module's settings. All of them stay in this browser: a setting of the world would hand the
 * game master's token to every player. */

import { MODULE, SETTINGS } from "./names.mjs";

/** Declare every setting. */
export function registerSettings() {
  const shared = /** @type {const} */ ({ scope: "client", config: true });
  const texts = { ...shared, type: String, default: "" };
  const flags = { ...shared, type: Boolean, default: true };
  const all = {
    [SETTINGS.address]: { ...texts, default: "http://127.0.0.1:8642" },
    [SETTINGS.gmToken]: texts,
    [SETTINGS.playersToken]: texts,
    [SETTINGS.answersInChat]: flags,
    [SETTINGS.logsRolls]: flags,
    [SETTINGS.logsCombat]: flags,
  };
  for (const [key, declared] of Object.entries(all)) {
    game.settings.register(MODULE, /** @type {any} */ (key), {
      ...declared,
      name: `TTRPG-ASSISTANT.settings.${key}.name`,
      hint: `TTRPG-ASSISTANT.settings.${key}.hint`,
    });
  }
}

/** Show the tokens as dots where the settings are edited.
 * @param {HTMLElement | { 0?: HTMLElement }} shown what Foundry hands over with its settings
 */
export function hideTokens(shown) {
  const root = shown instanceof HTMLElement ? shown : shown[0];
  for (const key of [SETTINGS.gmToken, SETTINGS.playersToken]) {
    const field = root?.querySelector(`input[name="${MODULE}.${key}"]`);
    if (field instanceof HTMLInputElement) {
      field.type = "password";
      field.autocomplete = "off";
    }
  }
}
