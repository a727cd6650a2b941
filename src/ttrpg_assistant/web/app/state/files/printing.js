import {
  CLOSED,
  INSIDE,
  KINDS,
  THINGS,
  apiOfAll,
  kindsReferred,
  listedAs,
  nameOf,
} from "../campaign/campaign_kinds.js";
import { listAll } from "../table/table_entries.js";

/**
 * Everything that goes on paper of one thing, all pages of its lists.
 *
 * @typedef {import("../../api.js").Api} Api
 * @typedef {Record<string, any[]>} Lists by kind
 *
 * @typedef {object} ToPrint
 * @property {any} entity
 * @property {any} campaign
 * @property {Lists} lists
 * @property {import("../../components/campaign/choices.js").Known} known names of what fields refer to
 */

/** @typedef {(api: Api, id: string, signal: AbortSignal) => Promise<ToPrint>} FindToPrint */

/** What can be printed, and what else of the campaign is wanted with it. @type {Record<string, FindToPrint>} */
export const PRINTABLE = {
  ...Object.fromEntries(THINGS.map((kind) => [kind.name, findThing(kind)])),
  async npc(api, id, signal) {
    const entity = await api.get(`/api/npcs/${id}`, { signal });
    const [campaign, knowledge, lists] = await Promise.all([
      api.get(`/api/campaigns/${entity.campaign_id}`, { signal }),
      listAll(api, `/api/npcs/${id}/knowledge`, "knowledge", signal),
      listKinds(api, entity.campaign_id, ["location"], signal),
    ]);
    return { entity, campaign, lists: { ...lists, knowledge }, known: namesOf(lists) };
  },
  async game_session(api, id, signal) {
    const entity = await api.get(`/api/game-sessions/${id}`, { signal });
    const [campaign, notes, events, lists] = await Promise.all([
      api.get(`/api/campaigns/${entity.campaign_id}`, { signal }),
      listAll(api, `/api/game-sessions/${id}/notes`, "notes", signal),
      listAll(api, `/api/game-sessions/${id}/events`, "events", signal),
      listKinds(
        api,
        entity.campaign_id,
        CLOSED.map(({ name }) => name),
        signal,
      ),
    ]);
    return { entity, campaign, lists: { ...lists, notes, events }, known: namesOf(lists) };
  },
  async campaign(api, id, signal) {
    const [campaign, facts, lists] = await Promise.all([
      api.get(`/api/campaigns/${id}`, { signal }),
      listAll(api, `/api/campaigns/${id}/facts`, "facts", signal),
      listKinds(
        api,
        id,
        INSIDE.map(({ name }) => name),
        signal,
      ),
    ]);
    return { entity: campaign, campaign, lists: { ...lists, facts }, known: namesOf(lists) };
  },
};

/** One thing, and those its fields name. @param {import("../campaign/campaign_kinds.js").Kind} kind @returns {FindToPrint} */
function findThing(kind) {
  return async (api, id, signal) => {
    const entity = await api.get(`/api/things/${kind.name}/${id}`, { signal });
    const [campaign, lists] = await Promise.all([
      api.get(`/api/campaigns/${entity.campaign_id}`, { signal }),
      listKinds(api, entity.campaign_id, kindsReferred(kind), signal),
    ]);
    return { entity, campaign, lists, known: namesOf(lists) };
  };
}

/** @param {Api} api @param {string} campaignId @param {readonly string[]} names @param {AbortSignal} signal @returns {Promise<Lists>} */
async function listKinds(api, campaignId, names, signal) {
  const found = await Promise.all(
    names.map(async (name) => {
      const kind = KINDS[name];
      // What is archived keeps its name where something refers to it.
      const all = await listAll(api, `${apiOfAll(kind, campaignId)}?archived=all`, listedAs(kind), signal);
      return /** @type {[string, any[]]} */ ([name, all]);
    }),
  );
  return Object.fromEntries(found);
}

/** @param {Lists} lists @returns {import("../../components/campaign/choices.js").Known} */
function namesOf(lists) {
  /** @type {Record<string, string>} */
  const names = {};
  for (const kind of INSIDE) for (const each of lists[kind.name] ?? []) names[each.id] = nameOf(kind, each);
  return { names, isWhole: true };
}
