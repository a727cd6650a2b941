import { navigate } from "../router.js";
import { KINDS, nameOf, pathOf } from "./campaign_kinds.js";
import { findLastCampaign } from "./campaign_last.js";

/**
 * What the palette finds in campaigns: campaigns, everything in them, their conversations, and what
 * can be done there.
 *
 * @typedef {import("./palette.js").Command} Command
 */

/** A query waits this long for the next letter, in milliseconds. */
const PAUSE = 140;

/** So many campaigns are looked into, the one at hand first. */
const MOST_CAMPAIGNS = 8;
const MOST_FOUND = 8;

const SOUGHT = [KINDS.npc, KINDS.location, KINDS.plot_point, KINDS.game_session];

let newest = 0;

/** @param {import("./desk.js").Desk} desk @param {string} query @returns {Promise<Command[]>} */
export async function findInCampaigns(desk, query) {
  const mine = (newest += 1);
  const text = query.trim();
  if (text !== "") await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (mine !== newest) return [];
  const { campaigns } = await desk.api.get("/api/campaigns?limit=200");
  const here = currentId() ?? findLastCampaign()?.id;
  const order = [...campaigns].sort((a, b) => Number(b.id === here) - Number(a.id === here) || b.updated_at.localeCompare(a.updated_at));
  const found = order.flatMap((campaign) => doorsOf(campaign));
  if (text.length < 2 || mine !== newest) return found;
  const inside = await Promise.all(order.slice(0, MOST_CAMPAIGNS).map((campaign) => lookInside(desk, campaign, text)));
  return [...found, ...inside.flat()];
}

/** The campaign on the screen, if there is one. */
function currentId() {
  return /^\/(?:campaigns|session)\/([^/?]+)/.exec(location.pathname)?.[1] ?? null;
}

/** @param {any} campaign @returns {Command[]} */
function doorsOf(campaign) {
  const book = `/campaigns/${campaign.id}`;
  return [
    { id: `campaign-${campaign.id}`, label: campaign.name, hint: "Campaign", icon: "book-open", also: campaign.system, run: () => navigate(book) },
    { id: `table-${campaign.id}`, label: `To the table of ${campaign.name}`, hint: "Go to", icon: "dices", also: "session workspace play", run: () => navigate(`/session/${campaign.id}`) },
  ];
}

/** @param {import("./desk.js").Desk} desk @param {any} campaign @param {string} text @returns {Promise<Command[]>} */
async function lookInside({ api }, campaign, text) {
  const search = encodeURIComponent(text.slice(0, 200));
  const lists = await Promise.all(
    SOUGHT.map(async (kind) => {
      const page = await api.get(`/api/campaigns/${campaign.id}/${kind.path}?limit=${MOST_FOUND}&search=${search}`);
      return page[kind.plural].map((/** @type {any} */ entity) => ({
        id: `${kind.name}-${entity.id}`,
        label: nameOf(kind, entity),
        hint: `${kind.title} · ${campaign.name}`,
        icon: kind.icon,
        // Found by the server, perhaps by another name or without an accent: what was typed is one of its names.
        also: text,
        run: () => navigate(pathOf(kind, entity)),
      }));
    }),
  );
  const { purposes } = await api.get(`/api/campaigns/${campaign.id}/conversations`);
  const threads = purposes.flatMap((/** @type {any} */ each) => each.threads).map((/** @type {any} */ thread) => ({
    id: `thread-${thread.id}`,
    label: thread.title || "A conversation",
    hint: `Conversation · ${campaign.name}`,
    icon: "messages-square",
    run: () => navigate(`/session/${campaign.id}?thread=${thread.id}`),
  }));
  return [...lists.flat(), ...threads];
}
