/** Journals, actors and roll tables pulled from the campaign, as its export for Foundry has them.
 *
 * What is pulled belongs to the game master until they show it. A document that was changed here
 * since it was pulled is left as it is, until it is proposed.
 */

import { MODULE, say } from "./names.mjs";
import { ask } from "./server.mjs";

/** Where systems keep the text about an actor; the first that a system has is used. */
export const LIFE_STORIES = [
  "details.biography.value",
  "biography.value",
  "details.description.value",
  "description.value",
  "biography",
  "description",
  "notes",
];

/** What is in each of the documents that are pulled. */
const PARTS = /** @type {const} */ ({
  JournalEntry: { name: "JournalEntryPage", list: "pages", areAllOurs: false },
  RollTable: { name: "TableResult", list: "results", areAllOurs: true },
});

/** Bring everything in.
 * @returns {Promise<{ count: number, kept: string[] }>} how many documents were made or brought up
 * to date, and the names of those that were changed here
 */
export async function pullAll() {
  const said = await ask("/api/doors/foundry", { asGm: true });
  const folders = await pullFolders(said.folders);
  /** @type {{ count: number, kept: string[] }} */
  const pulled = { count: 0, kept: [] };
  const all = [
    [JournalEntry, game.journal, said.journal],
    [Actor, game.actors, said.actors.map(asActorHere)],
    [RollTable, game.tables, said.tables],
  ];
  for (const [type, there, documents] of all) {
    for (const one of documents) {
      const found = findOwn(there, one.flags[MODULE]);
      if (found && isChangedHere(found)) {
        pulled.kept.push(found.name);
        continue;
      }
      const given = { ...one, folder: folders.get(one.folder) ?? null };
      const made = found ? await bringUpToDate(found, given) : await make(type, given);
      if (made) await notePulled(made);
      pulled.count += 1;
    }
  }
  return pulled;
}

/** Remember how a document is now: what differs later was changed here.
 * @param {any} document
 * @returns {Promise<void>}
 */
export async function notePulled(document) {
  await document.setFlag(MODULE, "pulled", fingerprint(document));
}

/** @param {any} document */
function isChangedHere(document) {
  const pulled = document.getFlag(MODULE, "pulled");
  return pulled !== undefined && pulled !== fingerprint(document);
}

/** @param {any} there
 * @param {{ id: string, kind: string }} own
 * @returns {any}
 */
function findOwn(there, own) {
  return there.find(
    (/** @type {any} */ one) =>
      one.getFlag(MODULE, "id") === own.id && one.getFlag(MODULE, "kind") === own.kind,
  );
}

/** Links between documents name their ids, so these are kept. Nobody else may read it: pages that
 * players may see are shown to them when the game master shares the document.
 * @param {any} type
 * @param {any} given
 * @returns {Promise<any>}
 */
async function make(type, given) {
  const ownership = { default: CONST.DOCUMENT_OWNERSHIP_LEVELS.NONE };
  const made = await type.create({ ...given, ownership }, { keepId: true });
  if (made && given.story !== undefined) await tellStory(made, given.story);
  return made;
}

/**
 * @param {any} found
 * @param {any} given
 * @returns {Promise<any>}
 */
async function bringUpToDate(found, given) {
  await found.update({ name: given.name, flags: given.flags });
  if (given.story !== undefined) await tellStory(found, given.story);
  const part = /** @type {any} */ (PARTS)[found.documentName];
  if (part === undefined) return found;
  /** @type {any[]} */
  const before = found[part.list].contents;
  /** @type {any[]} */
  const wanted = given[part.list];
  const ids = new Set(wanted.map((one) => one._id));
  const isThere = (/** @type {any} */ one) => before.some((each) => each.id === one._id);
  // A page that somebody added here stays.
  const isOurs = (/** @type {any} */ one) => part.areAllOurs || one.getFlag(MODULE, "marks");
  const gone = before.filter((one) => !ids.has(one.id) && isOurs(one)).map((one) => one.id);
  // Whom a page is shown to is decided here.
  const changed = wanted.filter(isThere).map(({ ownership: _, sort: __, ...rest }) => rest);
  await found.updateEmbeddedDocuments(part.name, changed);
  const fresh = wanted.filter((one) => !isThere(one));
  await found.createEmbeddedDocuments(part.name, fresh, { keepId: true });
  await found.deleteEmbeddedDocuments(part.name, gone);
  return found;
}

/** The document of an actor in the shape of this game system, with its text beside it.
 * @param {any} document
 */
function asActorHere(document) {
  /** @type {string[]} */
  const types = game.documentTypes.Actor.filter((one) => one !== "base");
  const wanted = [document.type, "npc", "character"];
  const type = wanted.find((one) => types.includes(one)) ?? types[0] ?? "base";
  return { ...document, type, story: document.system.details.biography.value };
}

/** Put the text where this game system keeps one.
 * @param {any} actor
 * @param {string} story
 */
async function tellStory(actor, story) {
  const path = LIFE_STORIES.find((one) => foundry.utils.hasProperty(actor.system, one));
  if (path !== undefined) await actor.update({ [`system.${path}`]: story });
}

/** What of a document somebody may change here, as a short number.
 * @param {any} document
 */
function fingerprint(document) {
  const part = /** @type {any} */ (PARTS)[document.documentName];
  const contents = part
    ? document[part.list].contents.map((/** @type {any} */ one) => [
        one.name,
        one.text?.content ?? one.description ?? "",
      ])
    : LIFE_STORIES.map((one) => foundry.utils.getProperty(document.system, one) ?? "");
  const spelled = JSON.stringify([document.name, contents]);
  let number = 5381;
  for (let at = 0; at < spelled.length; at += 1) {
    number = (Math.imul(number, 33) + spelled.charCodeAt(at)) | 0;
  }
  return `${spelled.length}.${number >>> 0}`;
}

/** The folders of what is pulled, each made once, in one folder of ours.
 * @param {{ _id: string, name: string, type: "Actor" | "JournalEntry" | "RollTable" }[]} wanted
 * @returns {Promise<Map<string, string>>} what each is called in the documents, and its id here
 */
async function pullFolders(wanted) {
  const found = new Map();
  for (const one of wanted) {
    const parent = await findFolder("ours", say("title"), one.type, null);
    const folder = await findFolder(one._id, one.name, one.type, parent);
    if (folder !== null) found.set(one._id, folder);
  }
  return found;
}

/**
 * @param {string} key
 * @param {string} name
 * @param {"Actor" | "JournalEntry" | "RollTable"} type
 * @param {string | null} folder
 * @returns {Promise<string | null>}
 */
async function findFolder(key, name, type, folder) {
  const found = game.folders.find(
    (/** @type {any} */ one) => one.type === type && one.getFlag(MODULE, "folder") === key,
  );
  if (found !== undefined) return found.id;
  const made = await Folder.create({ name, type, folder, flags: { [MODULE]: { folder: key } } });
  return made?.id ?? null;
}
