/** The buttons and menu lines by which the game master pulls and proposes. */

import { pullAll } from "./exchange.mjs";
import { MODULE, say } from "./names.mjs";
import { isOurs, propose } from "./proposing.mjs";
import { report } from "./server.mjs";

const KINDS_OF_JOURNALS = ["location", "faction", "item", "handout", "npc"];
const NEW_NAMES = 14;
/** Since this version of Foundry a menu line is spelled with `label`, `visible` and `onClick`. */

/** Hooked to `getActorContextOptions`.
 * @param {any} _app
 * @param {any[]} lines
 */
export function actorMenu(_app, lines) {
  lines.push(menuLine((id) => game.actors.get(id), ["npc", "creature", "character"]));
}

/** Hooked to `getJournalEntryContextOptions`.
 * @param {any} _app
 * @param {any[]} lines
 */
export function journalMenu(_app, lines) {
  lines.push(menuLine((id) => game.journal.get(id), KINDS_OF_JOURNALS));
}

/** Hooked to `getRollTableContextOptions`.
 * @param {any} _app
 * @param {any[]} lines
 */
export function tableMenu(_app, lines) {
  lines.push(menuLine((id) => game.tables.get(id), ["random_table"]));
}

/** A button above the journals that pulls. Hooked to `renderJournalDirectory`.
 * @param {any} _app
 * @param {HTMLElement | { 0?: HTMLElement }} shown
 */
export function journalButtons(_app, shown) {
  const root = shown instanceof HTMLElement ? shown : shown[0];
  const place = root?.querySelector(".header-actions");
  if (!game.user.isGM || !place || place.querySelector(`.${MODULE}-pull`)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = `${MODULE}-pull`;
  button.textContent = say("pull");
  button.addEventListener("click", () => pull(button));
  place.append(button);
}

/** @param {HTMLButtonElement} button */
async function pull(button) {
  button.disabled = true;
  try {
    const { count, kept } = await pullAll();
    ui.notifications.info(say("pulled", { count: String(count) }));
    if (kept.length > 0) ui.notifications.warn(say("changedHere", { names: kept.join(", ") }));
  } catch (error) {
    report(error);
  } finally {
    button.disabled = false;
  }
}

/**
 * @param {(id: string) => any} find
 * @param {string[]} kinds
 */
function menuLine(find, kinds) {
  const isGm = () => game.user.isGM === true;
  const icon = '<i class="fa-solid fa-feather"></i>';
  /** @param {HTMLElement} line */
  const chosen = (line) => offer(find(line.dataset["entryId"] ?? ""), kinds);
  if (game.release.generation >= NEW_NAMES) {
    const onClick = (/** @type {Event} */ _event, /** @type {HTMLElement} */ line) => chosen(line);
    return { label: say("propose"), icon, visible: isGm, onClick };
  }
  return { name: say("propose"), icon, condition: isGm, callback: chosen };
}

/** Ask what a new thing is to be, and propose it.
 * @param {any} document
 * @param {string[]} kinds
 */
async function offer(document, kinds) {
  if (!document) return;
  try {
    const kind = isOurs(document) ? "" : await chooseKind(kinds);
    if (kind === null) return;
    ui.notifications.info(await propose(document, kind));
  } catch (error) {
    report(error);
  }
}

/** @param {string[]} kinds
 * @returns {Promise<string | null>}
 */
async function chooseKind(kinds) {
  const chosen = await foundry.applications.api.DialogV2.wait({
    window: { title: say("proposeAs") },
    content: `<p>${say("proposeHint")}</p>`,
    buttons: kinds.map((one) => ({ action: one, label: say(`kinds.${one}`) })),
    rejectClose: false,
  });
  return typeof chosen === "string" ? chosen : null;
}
