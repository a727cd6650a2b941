import { newId } from "../../identity.js";
import { useFetched } from "../fetched.js";
import { offerUndo } from "../campaign/campaign_actions.js";
import { useApp } from "../app.js";
import { voices as voicesWords } from "../../words/en/voices.js";

/**
 * The voices the assistant can speak in.
 *
 * @typedef {object} Voice
 * @property {string} id
 * @property {string} name
 * @property {string} words one sentence: what it is like
 * @property {string} instruction what the model is told
 * @property {number} revision
 * @property {boolean} is_built_in
 * @property {boolean} is_changed a built-in one that was edited
 * @property {boolean} is_waiting it came in a file and is not used before it was accepted
 *
 * @typedef {import("../app.js").App} App
 */

/** The longest of each; the server holds to it too. */
export const LONGEST = { name: 60, words: 200, instruction: 1500 };

/** What a thread without a voice says. */
export const AS_USUAL = { name: voicesWords.standard, words: voicesWords.standardWords };

/** Every voice there is, kept up to date; null before the first answer. @returns {{ voices: Voice[] | null, fault: any }} */
export function useVoices() {
  const { api } = useApp();
  const { value, fault } = useFetched(
    async (signal) => /** @type {Voice[]} */ ((await api.get("/api/voices", { signal })).voices),
    [],
    (hint) => hint.event === "voices" || hint.event === "removal",
  );
  return { voices: value, fault };
}

/**
 * Makes a voice, or changes one from the revision it was read at.
 * @param {App} app @param {Voice | null} voice @param {Record<string, string>} values
 * @returns {Promise<Voice>}
 */
export function saveVoice(app, voice, values, id = newId()) {
  if (voice === null) return app.api.post("/api/voices", { id, ...values });
  return app.api.patch(`/api/voices/${voice.id}`, { revision: voice.revision, changes: values });
}

/** Lets a voice that came in a file be used. @param {App} app @param {Voice} voice */
export function acceptVoice(app, voice) {
  return app.api.post(`/api/voices/${voice.id}/accept`);
}

/** Deletes a voice or resets a built-in one, and offers to undo that. @param {App} app @param {Voice} voice */
export async function removeVoice(app, voice) {
  const { removal_id: removal } = await app.api.delete(`/api/voices/${voice.id}`);
  offerUndo(app, voice.is_built_in ? voicesWords.isReset(voice.name) : voicesWords.isDeleted(voice.name), removal);
}
