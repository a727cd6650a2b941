/** TTRPG Assistant in Foundry: settings, hooks, menus. */

import { answerInChat } from "./chat.mjs";
import { actorMenu, journalButtons, journalMenu, tableMenu } from "./exchange_menus.mjs";
import { hideTokens, offerCheck, registerSettings } from "./settings.mjs";
import { logCombatEnd, logDefeat, logRolls, logRound } from "./table_log.mjs";

Hooks.once("init", registerSettings);

Hooks.on("createChatMessage", answerInChat);
Hooks.on("createChatMessage", logRolls);
Hooks.on("updateCombat", logRound);
Hooks.on("updateCombatant", logDefeat);
Hooks.on("deleteCombat", logCombatEnd);

// Not among the published types, as every hook of one kind of document is not.
Hooks.on(/** @type {any} */ ("getActorContextOptions"), actorMenu);
Hooks.on(/** @type {any} */ ("getJournalEntryContextOptions"), journalMenu);
Hooks.on(/** @type {any} */ ("getRollTableContextOptions"), tableMenu);
Hooks.on("renderJournalDirectory", journalButtons);
Hooks.on("renderSettingsConfig", (_app, shown) => {
  hideTokens(shown);
  offerCheck(shown);
});
