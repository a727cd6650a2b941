/** Asking the assistant's server. Only the game master's browser does. */

import { SETTINGS, say, setting } from "./names.mjs";

const ANSWER_MILLISECONDS = 300_000;

/** What the server refused, in its own words. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} sentence
   */
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}

/** Which token to ask with: as the players see it, or as the game master does.
 * @param {boolean} asGm
 * @returns {string}
 */
function tokenFor(asGm) {
  const token = String(setting(asGm ? SETTINGS.gmToken : SETTINGS.playersToken)).trim();
  if (!token) throw new Refusal("no_token", say(asGm ? "noGmToken" : "noPlayersToken"));
  return token;
}

/** The JSON answer to one request.
 * @param {string} path
 * @param {{ asGm: boolean, body?: unknown }} how
 * @returns {Promise<any>}
 */
export async function ask(path, { asGm, body }) {
  const address = String(setting(SETTINGS.address)).trim().replace(/\/$/, "");
  const headers = { Authorization: `Bearer ${tokenFor(asGm)}` };
  const sent =
    body === undefined
      ? { method: "GET", headers }
      : {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify(body),
        };
  let reply;
  try {
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
    reply = await fetch(address + path, { ...sent, signal, credentials: "omit" });
  } catch {
    throw new Refusal("unreachable", say("unreachable", { address }));
  }
  const said = await reply.json().catch(() => ({}));
  if (!reply.ok) {
    const sentence = [said.detail ?? said.error?.message, said.cure].filter(Boolean).join(" ");
    throw new Refusal(String(said.code ?? reply.status), sentence || say("refused"));
  }
  return said;
}

/** What a tool answers.
 * @param {string} name
 * @param {Record<string, unknown>} given
 * @param {{ asGm: boolean }} how
 * @returns {Promise<string>}
 */
export async function callTool(name, given, { asGm }) {
  const said = await ask(`/api/doors/tools/${name}`, { asGm, body: { arguments: given } });
  return String(said.text);
}

/** Tell the game master, and nobody else, what went wrong.
 * @param {unknown} error
 */
export function report(error) {
  if (!(error instanceof Refusal)) throw error;
  ui.notifications.warn(`${say("title")}: ${error.message}`);
}
