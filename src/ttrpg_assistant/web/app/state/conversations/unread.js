import { useFetched } from "../fetched.js";
import { useApp } from "../app.js";

/**
 * How many answers of each NPC of a campaign have not been read, wherever it is named.
 * @param {string | null} campaignId null: nothing is asked
 * @returns {ReadonlyMap<string, number>} by the NPC's id
 */
export function useUnreadNpcs(campaignId) {
  const { api } = useApp();
  const { value } = useFetched(
    async (signal) =>
      campaignId ? (await api.get(`/api/campaigns/${campaignId}/npc-summaries`, { signal })).npcs : [],
    [campaignId ?? ""],
    (hint) =>
      hint.event === "removal" ||
      (hint.event === "conversation" && hint.kind !== "chat" && hint.status !== "streaming"),
  );
  return new Map((value ?? []).map((/** @type {any} */ npc) => [npc.id, npc.unread_count]));
}
