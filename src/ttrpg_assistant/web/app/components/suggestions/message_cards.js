import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { addressOf, isOpen } from "../../models/proposals.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { SuggestionCard } from "./suggestion_card.js";

/**
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 * @typedef {import("../../models/proposals.js").Citation} Citation
 */

/**
 * The cards and sources of one message, and what of it could not be read.
 * @param {{ message: import("../../types.js").Message, shared: boolean }} props
 */
export function MessageCards({ message, shared }) {
  const app = useApp();
  const told = /** @type {Suggestion[]} */ (message.suggestions ?? []);
  const home = told[0]?.conversation_id ?? null;
  useEffect(() => (home ? app.proposals.watch(home) : undefined), [home]);
  const suggestions = told.map((each) => app.proposals.now(each));
  const open = suggestions.filter(
    (each) => isOpen(each) && each.target_state !== "unknown" && each.target_state !== "gone",
  );
  return html`
    ${
      suggestions.length > 0 &&
      html`<section class="proposals" aria-label="Proposals">
      ${shared && html`<p class="proposals__head proposals__shared"><${Icon} name="history" /> <span>Proposed before this branch began. Decided once, for both threads.</span></p>`}
      ${
        open.length > 1 &&
        html`<p class="proposals__head"><span>${open.length} proposals. Nothing changes until you accept it.</span>
        <button type="button" class="button button--small" onClick=${() => app.proposals.acceptAll(open)}>Accept all</button></p>`
      }
      ${suggestions.map((each) => html`<${SuggestionCard} key=${each.id} suggestion=${each} />`)}
    </section>`
    }
    <${Sources} citations=${message.citations ?? []} campaignId=${told[0]?.campaign_id ?? null} />
    <${Notes} notes=${message.notes ?? []} />`;
}

/** What of a reply could not be taken as it was written. Its text is there to be read. @param {{ notes: string[] }} props */
function Notes({ notes }) {
  if (notes.length === 0) return null;
  return html`<ul class="reading-notes" aria-label="What could not be read">
    ${notes.map((note) => html`<li key=${note}><${Icon} name="circle-alert" /> ${note}</li>`)}
  </ul>`;
}

/** What a reply names as its sources. @param {{ citations: Citation[], campaignId: string | null }} props */
function Sources({ citations, campaignId }) {
  if (citations.length === 0) return null;
  return html`<ul class="sources" aria-label="Sources">
    ${citations.map((each) => html`<li key=${each.id}><${Source} citation=${each} campaignId=${campaignId} /></li>`)}
  </ul>`;
}

/** @param {{ citation: Citation, campaignId: string | null }} props */
function Source({ citation, campaignId }) {
  const at = citation.is_verified ? addressOf(citation.entity_kind, citation.entity_id, campaignId) : null;
  const words = [citation.location, citation.excerpt && `“${citation.excerpt}”`].filter(Boolean).join(": ");
  const name = html`<${Icon} name=${citation.is_verified ? "link" : "circle-help"} /> ${citation.source_name}
    ${!citation.is_verified && html`<span class="source__mark">unverified</span>`}`;
  if (at) return html`<a class="source source--known" href=${at} title=${words || "In this campaign"}>${name}</a>`;
  return html`<span class="source" title=${words || "No such thing is in this campaign"}>${name}</span>`;
}
