import { nameOf, KINDS } from "../../state/campaign/campaign_kinds.js";
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
const NONE = { locations: [], gameSessions: [], things: [] };

/** @param {string | null} campaignId @param {import("../../state/campaign/campaign_kinds.js").Kind} kind @returns {Choices} */
export function useChoices(campaignId, kind) {
  const { api } = useApp();
  const wanted = new Set(kind.fields.map((field) => field.as));
  const { value } = useFetched(
    async (signal) => {
      if (campaignId === null) return NONE;
      /** What is archived keeps its name where something refers to it. @type {Record<string, string>} */
      const names = {};
      let isWhole = true;
      const list = async (/** @type {"npc" | "location" | "game_session"} */ name, /** @type {boolean} */ needed) => {
        if (!needed) return [];
        const of = KINDS[name];
        const page = await api.get(`/api/campaigns/${campaignId}/${of.path}?limit=500&archived=all`, { signal });
        if (page.has_more) isWhole = false;
        for (const each of page[of.plural]) names[each.id] = nameOf(of, each);
        const offered = page[of.plural].filter((/** @type {any} */ each) => !each.archived_at);
        return offered.map((/** @type {any} */ each) => [each.id, names[each.id]]);
      };
      const [locations, gameSessions, npcs] = await Promise.all([
        list("location", wanted.has("location") || wanted.has("related")),
        list("game_session", wanted.has("game_session")),
        list("npc", wanted.has("related")),
      ]);
      const things = [
        ...npcs.map((/** @type {any} */ each) => ["npc", ...each]),
        ...locations.map((/** @type {any} */ each) => ["location", ...each]),
      ];
      return { locations, gameSessions, things, names, isWhole };
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
