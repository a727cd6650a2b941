import { html } from "../../html.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { campaign as t } from "../../words/en/campaign.js";
import { counts } from "../../words/en/counts.js";

/** Earlier conversations with an NPC, the latest first. @param {{ npc: any }} props */
export function NpcHistory({ npc }) {
  const { api } = useApp();
  const { value } = useFetched(
    async (signal) => (await api.get(`/api/npcs/${npc.id}/conversations`, { signal })).conversations,
    [npc.id],
    (hint) => hint.event === "conversation" && hint.kind === "npc",
  );
  /** @type {any[]} */
  const held = (value ?? []).filter((/** @type {any} */ each) => each.message_count > 0);
  if (held.length === 0) return null;
  return html`<section aria-label=${t.earlierConversations(npc.name)}>
    <h2>${t.history} <span class="parts__count">${held.length}</span></h2>
    <ul class="past">${held.map(
      (each) => html`<li key=${each.id}><a class="past__item" href=${`/npcs/${npc.id}?conversation=${each.id}`}>
      <span class="past__title">${each.title || t.conversationOf(whenOf(each))}</span>
      <span class="past__facts">${counts.messages(each.message_count)} · ${whenOf(each)}, ${clock(new Date(each.last_message_at ?? each.created_at))}</span></a></li>`,
    )}</ul>
  </section>`;
}

/** @param {any} conversation */
function whenOf(conversation) {
  return dayInSentence(new Date(conversation.last_message_at ?? conversation.created_at));
}
