import { attempt, toast } from "../notices.js";
import { bulkEdit as t } from "../../words/en/bulk_edit.js";
import { controls } from "../../words/en/controls.js";

/**
 * Changes many things at once and offers to undo that.
 *
 * @typedef {{ kind: string, id: string, revision: number }} MadeEdit
 * @typedef {{ changed: MadeEdit[], refused: { detail: string }[] }} Result
 *
 * @param {import("../app.js").App} app @param {string} campaignId
 * @param {{ kind: string, id: string }[]} things @param {Record<string, unknown>} change
 * @returns {Promise<boolean>} whether it was done
 */
export async function editMany(app, campaignId, things, change) {
  const at = `/api/campaigns/${campaignId}/bulk-edits`;
  /** @type {Result | undefined} */
  const result = await attempt(() => app.api.post(at, { things, ...change }));
  if (!result) return false;
  const { changed } = result;
  const words = saidOf(result, changed.length > 0 ? t.changed(changed.length) : "") || t.nothing;
  toast(words, changed.length === 0 ? undefined : { label: controls.undo, run: () => undo(app, at, changed) });
  return true;
}

/** @param {import("../app.js").App} app @param {string} at @param {MadeEdit[]} edits */
async function undo(app, at, edits) {
  /** @type {Result | undefined} */
  const result = await attempt(() => app.api.post(`${at}/undo`, { edits }));
  if (result) toast(saidOf(result, t.undone(result.changed.length)));
}

/** With what was left as before, by the first reason. @param {Result} result @param {string} done */
function saidOf({ refused }, done) {
  return [done, refused.length > 0 ? t.refused(refused.length, refused[0].detail) : ""].filter(Boolean).join(" ");
}
