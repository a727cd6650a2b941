import { html } from "../../html.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { SceneLinks } from "../scenes/scene_links.js";
import { LoadFailed } from "./load_failed.js";
import { CampaignChats } from "./campaign_chats.js";
import { purposeOf } from "../../models/purposes.js";
import { campaign as t } from "../../words/en/campaign.js";
import { counts } from "../../words/en/counts.js";

/** A campaign's conversations under what they are for. @param {{ campaignId: string }} props */
export function Conversations({ campaignId }) {
  const { api } = useApp();
  const { value, fault, pull } = useFetched(
    async (signal) => (await api.get(`/api/campaigns/${campaignId}/conversations`, { signal })).purposes,
    [campaignId],
    (hint) => hint.event === "conversation" && hint.kind === "thread",
  );
  if (fault && !value) return html`<${LoadFailed} fault=${fault} onRetry=${pull} />`;
  const held = value?.filter((/** @type {any} */ each) => each.count > 0) ?? [];
  return html`<section class="section" aria-label=${t.conversations}>
    <${CampaignChats} campaignId=${campaignId} />
    <${SceneLinks} campaignId=${campaignId} title=${t.scenes} />
    ${
      value &&
      held.length === 0 &&
      html`<div class="empty empty--section"><p>${t.conversationsEmpty}</p>
      <a class="button button--accent" href=${`/session/${campaignId}`}><${Icon} name="messages-square" /> ${t.conversationsStart}</a></div>`
    }
    ${held.map(
      (/** @type {any} */ { purpose, count, threads }) => html`<div class="purpose" key=${purpose}>
      <header class="section__title"><h2>${purposeOf(purpose).heading}</h2><span class="parts__count">${count}</span></header>
      <ul class="past">${threads.map(
        (
          /** @type {any} */ thread,
        ) => html`<li key=${thread.id}><a class="past__item" href=${`/session/${campaignId}?thread=${thread.id}`}>
        <span class="past__title">${thread.title || purposeOf(purpose).heading}</span>
        <span class="past__facts">${factsOf(thread)}</span></a></li>`,
      )}</ul>
    </div>`,
    )}
  </section>`;
}

/** @param {any} thread */
function factsOf(thread) {
  const count = counts.messages(thread.message_count);
  if (!thread.last_message_at) return count;
  const moment = new Date(thread.last_message_at);
  const day = dayInSentence(moment);
  const last = t.lastMessage(count, day, clock(moment));
  return thread.archived_at ? `${last} · ${t.archived}` : last;
}
