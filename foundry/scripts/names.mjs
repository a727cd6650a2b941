/** What the module is called in Foundry, and what it calls its own settings. */

export const MODULE = "ttrpg-assistant";

export const SETTINGS = Object.freeze({
  address: "address",
  gmToken: "gmToken",
  playersToken: "playersToken",
  answersInChat: "answersInChat",
  logsRolls: "logsRolls",
  logsCombat: "logsCombat",
});

/** A text of `lang/en.json`, with its blanks filled.
 * @param {string} key
 * @param {Record<string, string>} [values]
 * @returns {string}
 */
export function say(key, values) {
  const name = `TTRPG-ASSISTANT.${key}`;
  return values === undefined ? game.i18n.localize(name) : game.i18n.format(name, values);
}

/** One of the module's settings.
 * @param {string} key
 * @returns {any}
 */
export function setting(key) {
  return game.settings.get(MODULE, /** @type {any} */ (key));
}

/** Whether this browser speaks for the table: the one game master Foundry names, so that nothing
 * is asked or written twice.
 * @returns {boolean}
 */
export function speaksForTable() {
  return game.users.activeGM?.isSelf === true;
}
