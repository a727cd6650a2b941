/** A journal, an actor or a table of this world proposed to the campaign, as Foundry exports it. It
 * waits in the assistant's inbox, and nothing is changed before the game master accepts it. */

import { notePulled } from "./exchange.mjs";
import { MODULE, say } from "./names.mjs";
import { ask } from "./server.mjs";

const LONGEST = 4_000_000;
/** Characters of a document; what an actor carries is left out of a longer one. */

/** Whether the campaign has the thing that this document is.
 * @param {any} document
 * @returns {boolean}
 */
export function isOurs(document) {
  return document.getFlag(MODULE, "id") !== undefined;
}

/** Propose it.
 * @param {any} document
 * @param {string} kind what a new thing is to be; empty for one that was pulled
 * @returns {Promise<string>} what became of it, in words
 */
export async function propose(document, kind) {
  const spelled = document.toObject();
  if (JSON.stringify(spelled).length > LONGEST) delete spelled.items;
  const body = { document: spelled, why: say("proposedFromFoundry"), ...(kind ? { kind } : {}) };
  const said = await ask("/api/doors/foundry/proposals", { asGm: true, body });
  if (said.suggestion === null) return say("nothingToPropose", { name: document.name });
  // What waits in the inbox is not lost when the document is pulled again.
  if (isOurs(document)) await notePulled(document);
  return say("proposed", { title: said.suggestion.title });
}
