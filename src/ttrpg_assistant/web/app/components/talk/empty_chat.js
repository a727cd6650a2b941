import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { useApp } from "../../state/app.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { attempt } from "../../state/notices.js";
import { chatTitle } from "../../state/palette/page_commands.js";
import { planNext } from "../../state/table/plan_session.js";
import { start as words } from "../../words/en/start.js";
import { WaysToBegin } from "../campaign/ways_to_begin.js";
import { Icon } from "../icon.js";
import { writeInto } from "./write_into.js";

/**
 * What there is to go on with.
 *
 * @typedef {object} Begun
 * @property {{ id: string, name: string } | null} campaign the one at whose table a game session runs,
 *   else the one changed last
 * @property {boolean} runs
 * @property {import("../../types.js").Conversation | null} past the last conversation that was ended
 */

/** The first screen while nothing has been said: how to begin, or what to go on with, and what can be asked. */
export function EmptyChat() {
  const app = useApp();
  const { value } = useFetched((signal) => findBegun(app.api, signal), ["begun"], ofCampaign(null));
  return html`<div class="empty">
    <h2 class="empty__title">${words.title}</h2>
    ${value && (value.campaign ? html`<${GoOn} begun=${value} />` : html`<p>${words.firstWords}</p><${WaysToBegin} />`)}
    ${value?.past && html`<p><a href=${`/chat/${value.past.id}`}>${words.past(chatTitle(value.past))}</a></p>`}
    <p class="quiet">${words.ask}</p>
    <ul class="empty__tries">
      ${words.tries.map(
        (text) => html`<li><button type="button" class="try"
          onClick=${(/** @type {Event} */ event) => writeInto(event.currentTarget, text)}>${text}</button></li>`,
      )}
    </ul>
  </div>`;
}

/** @param {{ begun: Begun }} props */
function GoOn({ begun: { campaign, runs } }) {
  const app = useApp();
  if (!campaign) return null;
  const plan = () =>
    attempt(async () => {
      const thread = await planNext(app, campaign.id);
      navigate(`/session/${campaign.id}?thread=${thread.id}`);
    });
  return html`<p>${runs ? words.runs(campaign.name) : words.goOn(campaign.name)}</p>
    <div class="button-row">
      <a class="button button--accent" href=${`/session/${campaign.id}`}><${Icon} name="dices" /> ${words.toTheTable}</a>
      ${!runs && html`<button type="button" class="button" onClick=${plan}><${Icon} name="notebook-pen" /> ${words.planNext}</button>`}
      <a class="button" href="/campaigns"><${Icon} name="book-open" /> ${words.allCampaigns}</a>
    </div>`;
}

/** @param {import("../../api.js").Api} api @param {AbortSignal} signal @returns {Promise<Begun>} */
async function findBegun(api, signal) {
  const [{ campaigns }, { game_sessions: running }, { chat_sessions: chats }] = await Promise.all([
    api.get("/api/campaigns?limit=200", { signal }),
    api.get("/api/running-game-sessions", { signal }),
    api.get("/api/chat-sessions?limit=20", { signal }),
  ]);
  const [table] = running;
  const last = [...campaigns].sort((a, b) => b.updated_at.localeCompare(a.updated_at))[0];
  const campaign = table ? { id: table.campaign_id, name: table.campaign_name } : (last ?? null);
  const past = chats.find(
    (/** @type {any} */ chat) => chat.status === "archived" && !chat.campaign_id && chat.message_count > 0,
  );
  return { campaign, runs: Boolean(table), past: past ?? null };
}
