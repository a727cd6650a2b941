/** The module's settings. All of them stay in this browser: a setting of the world would hand the
 * game master's token to every player. */

import { checkConnection } from "./connection.mjs";
import { MODULE, SETTINGS, say } from "./names.mjs";

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

/** A button below the module's settings that says whether what is saved works.
 * @param {HTMLElement | { 0?: HTMLElement }} shown
 */
export function offerCheck(shown) {
  const root = shown instanceof HTMLElement ? shown : shown[0];
  const last = root?.querySelector(`[name="${MODULE}.${SETTINGS.logsCombat}"]`);
  const group = last?.closest(".form-group");
  if (!group || root?.querySelector(`.${MODULE}-check`)) return;
  const place = document.createElement("div");
  place.className = `form-group ${MODULE}-check`;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = say("check");
  const told = document.createElement("ul");
  told.className = "hint";
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const lines = await checkConnection();
    told.replaceChildren(
      ...lines.map(({ text, isGood }) => {
        const line = document.createElement("li");
        line.textContent = `${isGood ? "✓" : "✗"} ${text}`;
        return line;
      }),
    );
    button.disabled = false;
  });
  place.append(button, told);
  group.after(place);
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
