import { html } from "../../html.js";
import { GmOnlySign } from "./gm_only.js";
import { thingLink, thingWord } from "../../models/search_words.js";
import { THINGS } from "../../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { campaign as t } from "../../words/en/campaign.js";

/** Whose sheets are searched, in order: an NPC knows its own, the others are the game master's. */
const SHEETS = THINGS.map(({ name }) => name);

/**
 * Where else something is mentioned: on the sheets of other things.
 * @param {{ campaignId: string, search: string }} props
 */
export function Mentions({ campaignId, search }) {
  const { api } = useApp();
  const words = search.match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? "";
  const { value } = useFetched(
    async (signal) =>
      words
        ? (
            await api.get(`/api/search?q=${encodeURIComponent(`${words}*`)}&campaign_id=${campaignId}&limit=1`, {
              signal,
            })
          ).things
        : [],
    [campaignId, words],
    ofCampaign(campaignId),
  );
  /** @type {any[]} */
  const things = (value ?? []).filter((/** @type {any} */ thing) => SHEETS.includes(thing.kind));
  things.sort((a, b) => SHEETS.indexOf(a.kind) - SHEETS.indexOf(b.kind));
  if (things.length === 0) return null;
  return html`<section class="mentions" aria-label=${t.mentionedElsewhere}>
    <h2>${t.mentionedElsewhere}</h2>
    <ul class="past">${things.map(
      (thing) => html`<li key=${thing.id}><a class="past__item" href=${thingLink(thing)}>
      <span class="past__title">${thing.name}</span>
      <span class="past__facts">${thingWord(thing.kind)} · ${thing.is_gm_only && html`<${GmOnlySign} /> `}${thing.snippet.map((/** @type {any} */ piece, /** @type {number} */ at) => (piece.hit ? html`<mark key=${at}>${piece.text}</mark>` : piece.text))}</span></a></li>`,
    )}</ul>
  </section>`;
}
