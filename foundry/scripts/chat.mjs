/** `@Mira …` in chat: the NPC answers in its voice, from what the asker may know.
 *
 * A player's message is asked with the players' token, the game master's with theirs. The answer
 * goes to whoever could read the question.
 */

import { MODULE, SETTINGS, say, setting, speaksForTable } from "./names.mjs";
import { htmlOf, textOf } from "./plain_text.mjs";
import { ask, report } from "./server.mjs";

const CALLED = /^@(?:"([^"\n]{1,80})"|([^\s,:;!?"]{1,80}))[\s,:]+(\S[\s\S]*)$/;
const MOST_EARLIER = 20;

/** Whom a message calls, and what it says to them; null where it calls nobody.
 * @param {string} content
 * @returns {{ name: string, text: string } | null}
 */
export function readCall(content) {
  const found = CALLED.exec(textOf(content));
  return found ? { name: found[1] ?? found[2] ?? "", text: (found[3] ?? "").trim() } : null;
}

/** Answer a message that calls an NPC. Hooked to `createChatMessage`.
 * @param {any} message
 * @returns {Promise<void>}
 */
export async function answerInChat(message) {
  if (!speaksForTable() || !setting(SETTINGS.answersInChat)) return;
  if (message.getFlag(MODULE, "npc") !== undefined) return;
  const called = readCall(String(message.content ?? ""));
  if (called === null) return;
  const asGm = message.author?.isGM === true;
  try {
    const npc = await findNpc(called.name, asGm);
    if (npc === null) return;
    await message.setFlag(MODULE, "to", npc.id);
    const messages = [...earlier(message, npc.id), { role: "user", content: called.text }];
    const body = { model: npc.id, messages, stream: false };
    const said = await ask("/v1/chat/completions", { asGm, body });
    await ChatMessage.create({
      content: htmlOf(String(said.choices[0].message.content)),
      speaker: { alias: npc.name },
      whisper: listeners(message),
      flags: { [MODULE]: { npc: npc.id } },
    });
  } catch (error) {
    report(error);
  }
}

/** The NPC of a name among those the token may talk with; null where none is called so: then it
 * was not meant for the assistant.
 * @param {string} name
 * @param {boolean} asGm
 * @returns {Promise<{ id: string, name: string } | null>}
 */
async function findNpc(name, asGm) {
  /** @type {{ data: { id: string, name?: string }[] }} */
  const listed = await ask("/v1/models", { asGm });
  const wanted = name.toLocaleLowerCase();
  const npcs = listed.data.filter((one) => one.id.startsWith("npc/"));
  const names = npcs.map((one) => ({ id: one.id, name: one.name ?? one.id }));
  const whole = names.filter((one) => one.name.toLocaleLowerCase() === wanted);
  const first = names.filter((one) => one.name.toLocaleLowerCase().split(/\s+/).includes(wanted));
  const found = whole.length > 0 ? whole : first;
  if (found.length > 1) ui.notifications.warn(say("severalCalled", { name }));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** What was said with this NPC before, as far as the same people could read it.
 * @param {any} message
 * @param {string} npcId
 * @returns {{ role: string, content: string }[]}
 */
function earlier(message, npcId) {
  const readers = spell(listeners(message));
  const said = game.messages.contents.filter(
    (one) =>
      one.id !== message.id &&
      one.timestamp <= message.timestamp &&
      spell(listeners(one)) === readers &&
      (one.getFlag(MODULE, "npc") === npcId || one.getFlag(MODULE, "to") === npcId),
  );
  return said.slice(-MOST_EARLIER).map((one) =>
    one.getFlag(MODULE, "npc") === npcId
      ? { role: "assistant", content: textOf(String(one.content)) }
      : { role: "user", content: readCall(String(one.content))?.text ?? "" },
  );
}

/** Who may read a message besides the game master; nobody named: everybody.
 * @param {any} message
 * @returns {string[]}
 */
function listeners(message) {
  const named = [...(message.whisper ?? [])];
  if (named.length === 0) return [];
  const author = message.author?.id;
  return author && !named.includes(author) ? [...named, author] : named;
}

/** @param {string[]} ids */
function spell(ids) {
  return [...ids].sort().join(" ");
}
