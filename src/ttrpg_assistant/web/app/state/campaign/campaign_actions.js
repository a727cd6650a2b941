import { newId } from "../../identity.js";
import { apiOf, apiOfAll, nameOf } from "./campaign_kinds.js";
import { attempt, toast } from "../notices.js";
import { campaign as campaignWords } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * What is done to the things of a campaign.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {import("./campaign_kinds.js").Kind} Kind
 */

/**
 * Makes one. With the same `id` it is made once, however often it is sent.
 * @param {App} app @param {Kind} kind @param {string | null} campaignId @param {Record<string, unknown>} fields
 */
export function makeOne(app, kind, campaignId, fields, id = newId()) {
  // A kind with operations of its own takes its fields beside the id.
  return app.api.post(apiOfAll(kind, campaignId), kind.isThing ? { fields, id } : { ...fields, id });
}

/**
 * Changes some fields of what was read at its revision; a stale edit throws `stale_revision`.
 * @param {App} app @param {Kind} kind @param {any} entity @param {Record<string, unknown>} changes
 */
export function change(app, kind, entity, changes, revision = entity.revision) {
  return app.api.patch(apiOf(kind, entity), { revision, changes });
}

/**
 * Changes one thing at the press of a button. Where it was changed elsewhere meanwhile, the newest
 * is taken as the base: what is pressed is meant, whatever else was edited.
 * @param {App} app @param {Kind} kind @param {any} entity @param {Record<string, unknown>} changes
 */
export function press(app, kind, entity, changes) {
  return attempt(async () => {
    try {
      return await change(app, kind, entity, changes);
    } catch (error) {
      const { code, facts } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (code !== "stale_revision") throw error;
      return change(app, kind, entity, changes, Number(facts.revision));
    }
  });
}

/** Archives it, and offers to undo that. @param {App} app @param {Kind} kind @param {any} entity */
export function archive(app, kind, entity) {
  const at = apiOf(kind, entity);
  return attempt(async () => {
    await app.api.post(`${at}/archive`);
    toast(campaignWords.isArchived(nameOf(kind, entity)), {
      label: controls.undo,
      run: () => app.api.post(`${at}/restore`),
    });
    return true;
  });
}

/** Takes it out of the archive. @param {App} app @param {Kind} kind @param {any} entity */
export function unarchive(app, kind, entity) {
  return attempt(() => app.api.post(`${apiOf(kind, entity)}/restore`));
}

/**
 * Deletes it, with a way back.
 * @param {App} app @param {Kind} kind @param {any} entity @param {() => void} [onUndone]
 */
export function remove(app, kind, entity, onUndone) {
  return attempt(async () => {
    const { removal_id: removal } = await app.api.delete(apiOf(kind, entity));
    offerUndo(app, campaignWords.isDeleted(nameOf(kind, entity)), removal, onUndone);
    return true;
  });
}

/** @param {App} app @param {string} words @param {string} removal @param {() => void} [onUndone] */
export function offerUndo(app, words, removal, onUndone) {
  toast(words, {
    label: controls.undo,
    run: async () => {
      await app.api.post(`/api/removals/${removal}/undo`);
      onUndone?.();
    },
  });
}

/** The id of the sample campaign, the same everywhere: its page offers to take it out again. */
export const SAMPLE_ID = "9d5ab022-84e8-50f3-93c8-d2f080eb9a90";

/** @param {App} app */
export function loadSample(app) {
  return attempt(() => app.api.post("/api/sample-campaign"));
}

/** @param {App} app @param {() => void} [onUndone] */
export function removeSample(app, onUndone) {
  return attempt(async () => {
    const { removal_id: removal } = await app.api.delete("/api/sample-campaign");
    offerUndo(app, campaignWords.sampleRemoved, removal, onUndone);
    return true;
  });
}
