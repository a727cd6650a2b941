import { html } from "../../html.js";
import { GmOnlySign } from "../campaign/gm_only.js";
import { evidenceLink, keyOfEvidence, originOf } from "../../models/evidence_words.js";
import { playDayWords } from "../../models/play_days.js";
import { ask as t } from "../../words/en/ask.js";

/**
 * The quotes, numbered, oldest first. A message opens beside them, anything else on its own page.
 * @param {{ evidence: import("../../models/evidence_words.js").Evidence[], campaignId: string,
 *   openId: string | null, onOpen: (messageId: string) => void }} props
 */
export function EvidenceList({ evidence, campaignId, openId, onOpen }) {
  return html`<ol class="evidence" aria-label=${t.evidence}>
    ${evidence.map(
      (one, at) => html`<li class="evidence__one" id=${`quote-${at + 1}`} key=${keyOfEvidence(one)} tabindex="-1">
        <span class="evidence__number" aria-hidden="true">${at + 1}</span>
        ${
          one.source === "message"
            ? html`<button type="button" class="found__hit" aria-current=${one.id === openId ? "true" : undefined} onClick=${() => onOpen(one.id)}><${Quote} one=${one} /></button>`
            : html`<a class="found__hit" href=${evidenceLink(one, campaignId)}><${Quote} one=${one} /></a>`
        }
      </li>`,
    )}
  </ol>`;
}

/** @param {{ one: import("../../models/evidence_words.js").Evidence }} props */
function Quote({ one }) {
  const where = one.evening ? t.evening(one.evening.number, one.evening.title) : one.source === "message" && one.place;
  return html`<span class="found__kind"><b>${originOf(one)}</b>${one.said_at && html` · <time datetime=${one.said_at}>${playDayWords(new Date(one.said_at), new Date())}</time>`}${where && ` · ${where}`}
      ${one.is_retconned && html` <span class="chip">${t.retconned}</span>`}${one.is_planned && html` <span class="chip">${t.planned}</span>`}${one.is_imported && html` <span class="chip">${t.imported}</span>`}</span>
    <span class="found__snippet" dir="auto">${one.is_gm_only && html`<${GmOnlySign} /> `}${one.quote.map((piece, at) => (piece.hit ? html`<mark key=${at}>${piece.text}</mark>` : piece.text))}</span>`;
}
