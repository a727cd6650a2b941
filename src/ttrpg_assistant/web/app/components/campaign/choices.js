import { KINDS, apiOfAll, kindsReferred, listedOn, nameOf } from "../../state/campaign/campaign_kinds.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { campaign as t } from "../../words/en/campaign.js";

/**
 * What the fields of a campaign's things may refer to.
 *
 * @typedef {import("./field_editor.js").Choices} Choices
 * @typedef {{ names: Record<string, string>, isWhole?: boolean }} Known names of the things that fields refer
 *   to, by id; where that `isWhole`, what is not among them is gone
 */

/** @type {Choices} */
const NONE = { things: [] };

/** @param {string | null} campaignId @param {import("../../state/campaign/campaign_kinds.js").Kind} kind @returns {Choices} */
export function useChoices(campaignId, kind) {
  const { api } = useApp();
  const { value } = useFetched(
    async (signal) => {
      if (campaignId === null) return NONE;
      /** What is archived keeps its name where something refers to it. @type {Record<string, string>} */
      const names = {};
      let isWhole = true;
      const list = async (/** @type {string} */ name) => {
        const of = KINDS[name];
        const page = await api.get(`${apiOfAll(of, campaignId)}?limit=500&archived=all`, { signal });
        if (page.has_more) isWhole = false;
        const all = listedOn(of, page);
        for (const each of all) names[each.id] = nameOf(of, each);
        const offered = all.filter((each) => !each.archived_at);
        return offered.map((each) => /** @type {[string, string, string]} */ ([name, each.id, names[each.id]]));
      };
      return { things: (await Promise.all(kindsReferred(kind).map(list))).flat(), names, isWhole };
    },
    [campaignId, kind.name],
  );
  return value ?? NONE;
}

/** The names of all that fields may refer to, by id. @param {Choices} choices @returns {Known} */
export function knownNames({ names = {}, isWhole = false }) {
  return { names, isWhole };
}

/** What a thing that a field refers to is called; not known yet, or gone. @param {string} id @param {Known} [known] */
export function calledNow(id, known) {
  return known?.names[id] ?? (known?.isWhole ? t.deleted : "…");
}
