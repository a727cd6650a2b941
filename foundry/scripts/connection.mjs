/** Whether both tokens open the server, and may do what they are for. */

import { say } from "./names.mjs";
import { Refusal, ask } from "./server.mjs";

const NEEDED = [
  { asGm: true, scopes: ["read:gm", "propose", "talk"] },
  { asGm: false, scopes: ["read:players", "talk"] },
];

/** One line for each token.
 * @returns {Promise<{ text: string, isGood: boolean }[]>}
 */
export async function checkConnection() {
  return await Promise.all(NEEDED.map(checkToken));
}

/** @param {{ asGm: boolean, scopes: string[] }} needed */
async function checkToken({ asGm, scopes }) {
  const whose = say(asGm ? "settings.gmToken.name" : "settings.playersToken.name");
  try {
    const token = await ask("/api/doors/token", { asGm });
    const missing = scopes.filter((one) => !token.scopes.includes(one));
    const seesAll = !asGm && token.scopes.includes("read:gm");
    const facts = { whose, campaign: token.campaign_name, scopes: missing.join(", ") };
    if (seesAll) return { text: say("playersTokenSeesAll", facts), isGood: false };
    if (missing.length > 0) return { text: say("scopesMissing", facts), isGood: false };
    return { text: say("connected", facts), isGood: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { text: `${whose}: ${error.message}`, isGood: false };
  }
}
