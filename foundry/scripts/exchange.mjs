/** Journals and actors pulled from the campaign, and proposed to it.
 *
 * What is pulled belongs to the game master until they show it. What is pushed is a proposal: it
 * waits in the assistant's inbox.
 */

import { MODULE, say } from "./names.mjs";
import { htmlOf, textOf } from "./plain_text.mjs";
import { ask, callTool } from "./server.mjs";

const AS_ACTORS = new Set(["npc", "character", "creature"]);
const ACTOR_TYPES = ["npc", "character"];
const LIFE_STORIES = [
  "details.biography.value",
  "biography.value",
  "details.description.value",
  "description.value",
  "biography",
  "description",
  "notes",
];
/** Where systems keep the text about an actor; the first that a system has is used. */

/** Every thing listed for the game master, as journals, and those who act as actors too.
 * @returns {Promise<number>} how many were made or brought up to date
 */
export async function pullAll() {
  const { things } = await ask("/api/doors/things", { asGm: true });
  let count = 0;
  for (const one of things) {
    const text = await callTool("get_thing", { thing: one.id, kind: one.kind }, { asGm: true });
    const html = htmlOf(text.split("\n").slice(1).join("\n"));
    await pullJournal(one, html);
    if (AS_ACTORS.has(one.kind)) await pullActor(one, html);
    count += 1;
  }
  return count;
}

/**
 * @param {{ kind: string, noun: string, id: string, name: string }} thing
 * @param {string} html
 */
async function pullJournal(thing, html) {
  const found = game.journal.find((one) => one.getFlag(MODULE, "id") === thing.id);
  const page = /** @type {const} */ ({
    name: thing.name,
    type: "text",
    text: { content: html, format: CONST.JOURNAL_ENTRY_PAGE_FORMATS.HTML },
  });
  if (found === undefined) {
    await JournalEntry.create({
      name: thing.name,
      folder: await folderFor("JournalEntry"),
      ownership: { default: CONST.DOCUMENT_OWNERSHIP_LEVELS.NONE },
      pages: [page],
      flags: { [MODULE]: { kind: thing.kind, id: thing.id } },
    });
    return;
  }
  const first = found.pages.contents[0];
  await found.update({ name: thing.name });
  if (first === undefined) await found.createEmbeddedDocuments("JournalEntryPage", [page]);
  else await first.update({ name: page.name, text: { content: html } });
}

/**
 * @param {{ kind: string, id: string, name: string }} thing
 * @param {string} html
 */
async function pullActor(thing, html) {
  const found = game.actors.find((one) => one.getFlag(MODULE, "id") === thing.id);
  const actor =
    found ??
    (await Actor.create({
      name: thing.name,
      type: actorType(),
      folder: await folderFor("Actor"),
      ownership: { default: CONST.DOCUMENT_OWNERSHIP_LEVELS.NONE },
      flags: { [MODULE]: { kind: thing.kind, id: thing.id } },
    }));
  if (!actor) return;
  const path = LIFE_STORIES.find((one) => foundry.utils.hasProperty(actor.system, one));
  const story = path === undefined ? {} : { [`system.${path}`]: html };
  await actor.update({ name: thing.name, ...story });
}

/** Propose a journal or an actor to the campaign.
 * @param {any} document
 * @param {string} kind what a new thing is to be
 * @returns {Promise<string>} what the server says of it
 */
export async function propose(document, kind) {
  const own = document.getFlag(MODULE, "id");
  const why = say("proposedFromFoundry");
  const fields = { name: document.name, description: storyOf(document) };
  if (own !== undefined) {
    const known = document.getFlag(MODULE, "kind");
    const change = { kind: known, thing: own, fields, why };
    return await callTool("propose_change", change, { asGm: true });
  }
  return await callTool("propose_new", { kind, fields, why }, { asGm: true });
}

/** @param {any} document
 * @returns {string}
 */
function storyOf(document) {
  if (document.pages !== undefined) {
    const texts = [...document.pages].map((one) => textOf(String(one.text?.content ?? "")));
    return texts.filter(Boolean).join("\n\n");
  }
  const stories = LIFE_STORIES.map((one) => foundry.utils.getProperty(document.system, one));
  return textOf(String(stories.find((one) => typeof one === "string") ?? ""));
}

/** What an NPC is in this game system.
 * @returns {any}
 */
function actorType() {
  /** @type {string[]} */
  const types = game.documentTypes.Actor.filter((one) => one !== "base");
  return ACTOR_TYPES.find((one) => types.includes(one)) ?? types[0] ?? "base";
}

/** The folder of what is pulled, made once.
 * @param {"Actor" | "JournalEntry"} type
 * @returns {Promise<string | null>}
 */
async function folderFor(type) {
  const found = game.folders.find(
    (/** @type {any} */ one) => one.type === type && one.getFlag(MODULE, "pulled"),
  );
  if (found !== undefined) return found.id;
  const made = await Folder.create({
    name: say("title"),
    type,
    flags: { [MODULE]: { pulled: true } },
  });
  return made?.id ?? null;
}
