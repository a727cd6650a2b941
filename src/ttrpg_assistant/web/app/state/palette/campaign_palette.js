import { conversationLink, placeOf } from "../../models/search_words.js";
import { navigate } from "../../router.js";
import { KINDS, nameOf, pathOf } from "../campaign/campaign_kinds.js";
import { ask as askWords } from "../../words/en/ask.js";
import { palette as words } from "../../words/en/palette.js";
import { findLastCampaign } from "../campaign/campaign_last.js";

/**
 * What the palette finds in campaigns: campaigns, everything in them, every conversation, and what
 * can be done there.
 *
 * @typedef {import("./palette.js").Command} Command
 */

/** A query waits this long for the next letter, in milliseconds. */
const PAUSE = 140;

/** So many of each kind are offered. */
const MOST_FOUND = 12;

let newest = 0;

/** @param {import("../app.js").App} app @param {string} query @returns {Promise<Command[]>} */
export async function findInCampaigns(app, query) {
  const mine = (newest += 1);
  const text = query.trim().slice(0, 200);
  if (text !== "") await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (mine !== newest) return [];
  const here = currentId() ?? findLastCampaign()?.id;
  if (text.length < 2) return doorsNear(app, here);
  const near = here ? `&near=${here}` : "";
  const { named } = await app.api.get(`/api/names?limit=${MOST_FOUND}${near}&q=${encodeURIComponent(text)}`);
  const said = await findSaid(app, text);
  if (mine !== newest) return [];
  const last = findLastCampaign();
  const asked = here &&
    here === last?.id && {
      id: "ask-campaign",
      label: askWords.palette(text, last.name),
      hint: askWords.paletteHint,
      icon: "circle-help",
      also: text,
      run: () => navigate(`/ask/${here}?${new URLSearchParams({ q: text })}`),
    };
  return [
    ...named.flatMap((/** @type {any} */ hit) => doorsTo(hit, text)),
    ...said,
    {
      id: "search",
      label: words.search(text),
      hint: words.searchHint,
      icon: "search",
      also: text,
      run: () => navigate(`/search?${new URLSearchParams({ q: text })}`),
    },
    ...(asked ? [asked] : []),
  ];
}

/** So many messages are offered; the search page has all of them. */
const MOST_SAID = 4;

/** The newest messages with these words, each a way to where it stands. @param {import("../app.js").App} app @param {string} text @returns {Promise<Command[]>} */
async function findSaid(app, text) {
  if (!/[\p{L}\p{N}]{3}/u.test(text)) return [];
  try {
    const { hits } = await app.api.get(`/api/search?limit=${MOST_SAID}&q=${encodeURIComponent(text)}`);
    return hits.flatMap((/** @type {import("../../models/search_words.js").TalkHit} */ hit) => {
      const link = conversationLink({ ...hit, id: hit.conversation_id }, hit.message_id);
      const label = hit.snippet.map(({ text: piece }) => piece).join("");
      return link
        ? [
            {
              id: `said-${hit.message_id}`,
              label,
              hint: placeOf(hit),
              icon: "message-square",
              also: text,
              run: () => navigate(link),
            },
          ]
        : [];
    });
  } catch (error) {
    if (!(/** @type {any} */ (error).detail)) throw error;
    return []; // names are offered all the same
  }
}

/** The campaign on the screen, if there is one. */
function currentId() {
  return /^\/(?:campaigns|session)\/([0-9a-f-]{36})/i.exec(location.pathname)?.[1] ?? null;
}

/** The campaigns, the one at hand first. @param {import("../app.js").App} app @param {string | undefined} here */
async function doorsNear(app, here) {
  const { campaigns } = await app.api.get("/api/campaigns?limit=200");
  return [...campaigns]
    .sort((a, b) => Number(b.id === here) - Number(a.id === here) || b.updated_at.localeCompare(a.updated_at))
    .flatMap(doorsOf);
}

/** @param {any} campaign @returns {Command[]} */
function doorsOf(campaign) {
  const also = campaign.also ?? campaign.system;
  return [
    {
      id: `campaign-${campaign.id}`,
      label: campaign.name,
      hint: words.campaign,
      icon: "book-open",
      also,
      run: () => navigate(`/campaigns/${campaign.id}`),
    },
    {
      id: `table-${campaign.id}`,
      label: words.toTable(campaign.name),
      hint: words.goTo,
      icon: "dices",
      also: `${words.toTableAlso} ${also}`,
      run: () => navigate(`/session/${campaign.id}`),
    },
  ];
}

/** @type {Record<string, string>} */
const TALK = { chat: words.chat, thread: words.conversation, npc_talk: words.npcTalk };

/** @param {any} hit @param {string} text @returns {Command[]} */
function doorsTo(hit, text) {
  // Found by the server, perhaps by another name or without an accent: what was typed is one of its names.
  if (hit.kind === "campaign") return doorsOf({ ...hit, also: text });
  const named = (/** @type {string} */ kind) => (hit.campaign_name ? words.kindIn(kind, hit.campaign_name) : kind);
  const id = `${hit.kind}-${hit.id}`;
  const what = TALK[hit.kind];
  if (what) {
    const link = conversationLink({ ...hit, kind: hit.kind === "npc_talk" ? "npc" : hit.kind });
    return link
      ? [
          {
            id,
            label: hit.name || words.aConversation,
            hint: named(what),
            icon: "messages-square",
            also: text,
            run: () => navigate(link),
          },
        ]
      : [];
  }
  const kind = KINDS[hit.kind];
  if (!kind) return [];
  const entity = { ...hit, title: hit.name };
  return [
    {
      id,
      label: nameOf(kind, entity),
      hint: named(kind.title),
      icon: kind.icon,
      also: text,
      run: () => navigate(pathOf(kind, entity)),
    },
  ];
}
