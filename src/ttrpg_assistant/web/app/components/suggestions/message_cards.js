import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { acceptAllWords, addressOf, isTakable } from "../../models/proposals.js";
import { drawnMessage } from "../../models/shown_reply.js";
import { useApp } from "../../state/app.js";
import { proposals as words } from "../../words/en/proposals.js";
import { Icon } from "../icon.js";
import { SuggestionCard } from "./suggestion_card.js";

/**
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 * @typedef {import("../../models/proposals.js").Citation} Citation
 */

/**
 * What stands under a message: all its suggestions taken at once, its sources, and what has no place
 * in its text.
 * @param {{ message: import("../../types.js").Message, shared: boolean }} props
 */
export function MessageCards({ message, shared }) {
  const app = useApp();
  const told = /** @type {Suggestion[]} */ (message.suggestions ?? []);
  const home = told[0]?.conversation_id ?? null;
  useEffect(() => (home ? app.proposals.watch(home) : undefined), [home]);
  const suggestions = told.map((each) => app.proposals.now(each));
  const placed = new Set(drawnMessage(message).places.map(({ place }) => place));
  const loose = suggestions.filter((_, at) => !placed.has(told[at].place ?? -1));
  const takable = suggestions.filter(isTakable);
  const isHeaded = shared || takable.length > 1;
  return html`
    ${
      (isHeaded || loose.length > 0) &&
      suggestions.length > 0 &&
      html`<section class="proposals" aria-label=${words.section}>
      ${shared && html`<p class="proposals__head proposals__shared"><${Icon} name="history" /> <span>${words.shared}</span></p>`}
      ${loose.map((each) => html`<${SuggestionCard} key=${each.id} suggestion=${each} />`)}
      ${
        takable.length > 1 &&
        html`<p class="proposals__head"><span>${words.nothingChanges}</span>
        <button type="button" class="button button--small" onClick=${() => app.proposals.acceptAll(takable)}>${acceptAllWords(takable)}</button></p>`
      }
    </section>`
    }
    <${Sources} citations=${message.citations ?? []} campaignId=${told[0]?.campaign_id ?? null} />
    <${Notes} notes=${notesWithoutPlace(message)} />`;
}

/** Notes on a message that is too long for the places of its blocks to be known. @param {import("../../types.js").Message} message @returns {string[]} */
function notesWithoutPlace({ notes = [], notes_in_place: placed = [] }) {
  return notes.filter((note) => !placed.some((each) => each.note === note));
}

/** What of a message could not be taken as it was written. Its text is there to be read. @param {{ notes: string[] }} props */
function Notes({ notes }) {
  if (notes.length === 0) return null;
  return html`<ul class="reading-notes" aria-label=${words.unread}>
    ${notes.map((note) => html`<li key=${note}><${Icon} name="circle-alert" /> ${note}</li>`)}
  </ul>`;
}

/** What a reply names as its sources. @param {{ citations: Citation[], campaignId: string | null }} props */
function Sources({ citations, campaignId }) {
  if (citations.length === 0) return null;
  return html`<ul class="sources" aria-label=${words.sources}>
    ${citations.map((each) => html`<li key=${each.id}><${Source} citation=${each} campaignId=${campaignId} /></li>`)}
  </ul>`;
}

/** @param {{ citation: Citation, campaignId: string | null }} props */
function Source({ citation, campaignId }) {
  const at = citation.is_verified ? addressOf(citation.entity_kind, citation.entity_id, campaignId) : null;
  const where = [citation.location, citation.excerpt && `“${citation.excerpt}”`].filter(Boolean).join(": ");
  const name = html`<${Icon} name=${citation.is_verified ? "link" : "circle-help"} /> ${citation.source_name}
    ${!citation.is_verified && html`<span class="source__mark">${words.unverified}</span>`}`;
  if (at) return html`<a class="source source--known" href=${at} title=${where || words.inCampaign}>${name}</a>`;
  return html`<span class="source" title=${where || words.notInCampaign}>${name}</span>`;
}
