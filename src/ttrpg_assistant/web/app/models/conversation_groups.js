import { conversations as conversationsWords } from "../words/en/conversations.js";
import { KINDS } from "../state/campaign/campaign_kinds.js";

/**
 * Conversations under where they belong: a campaign, and within it a game session.
 *
 * @typedef {import("../types.js").Conversation & { campaign_name?: string | null, game_session_number?: number | null, game_session_title?: string | null, first_line?: string }} Listed
 * @typedef {{ id: string | null, name: string, conversations: Listed[] }} GameSessionGroup
 * @typedef {{ id: string | null, name: string, gameSessions: GameSessionGroup[] }} CampaignGroup
 */

/**
 * Groups stand in the order of their newest conversation, and each keeps the order it came in.
 * @param {readonly Listed[]} listed the latest first
 * @returns {CampaignGroup[]}
 */
export function groupConversations(listed) {
  /** @type {CampaignGroup[]} */
  const campaigns = [];
  for (const each of listed) {
    const campaign = groupOf(campaigns, each.campaign_id ?? null, () => ({
      id: each.campaign_id ?? null,
      name: each.campaign_id ? (each.campaign_name ?? conversationsWords.aCampaign) : conversationsWords.quickChats,
      gameSessions: [],
    }));
    groupOf(campaign.gameSessions, each.game_session_id ?? null, () => ({
      id: each.game_session_id ?? null,
      name: gameSessionWords(each),
      conversations: [],
    })).conversations.push(each);
  }
  return campaigns;
}

/** @param {Listed} conversation */
export function gameSessionWords({ game_session_id: id, game_session_number: number, game_session_title: title }) {
  if (!id) return conversationsWords.betweenSessions;
  return [number ? conversationsWords.gameSession(number) : KINDS.game_session.title, title]
    .filter(Boolean)
    .join(" · ");
}

/** @template {{ id: string | null }} T @param {T[]} groups @param {string | null} id @param {() => T} make @returns {T} */
function groupOf(groups, id, make) {
  const known = groups.find((group) => group.id === id);
  if (known) return known;
  const made = make();
  groups.push(made);
  return made;
}
