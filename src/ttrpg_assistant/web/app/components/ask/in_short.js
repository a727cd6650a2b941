import { html } from "../../html.js";
import { coverOf, keyOfEvidence, originOf } from "../../models/evidence_words.js";
import { playDayWords } from "../../models/play_days.js";
import { KINDS, pathOf } from "../../state/campaign/campaign_kinds.js";
import { ask as t } from "../../words/en/ask.js";

/**
 * What was counted: who was named first and last, how often, and whether the quotes are all there is.
 * @param {{ gathered: import("../../models/evidence_words.js").Gathered, campaignId: string, onShow: (number: number) => void }} props
 */
export function InShort({ gathered, campaignId, onShow }) {
  const numbers = new Map(gathered.evidence.map((one, at) => [keyOfEvidence(one), at + 1]));
  const end = (
    /** @type {string} */ label,
    /** @type {import("../../models/evidence_words.js").Evidence | null} */ one,
    none = "",
  ) => {
    if (!one) return none && html`<div><dt>${label}</dt><dd class="quiet">${none}</dd></div>`;
    const number = numbers.get(keyOfEvidence(one)) ?? 0;
    const day = one.said_at && playDayWords(new Date(one.said_at), new Date());
    const where = one.evening ? t.evening(one.evening.number, one.evening.title) : originOf(one);
    return html`<div><dt>${label}</dt><dd>${[day, where].filter(Boolean).join(" · ")} <button type="button" class="link-button" aria-label=${t.quote(number)} onClick=${() => onShow(number)}>[${number}]</button></dd></div>`;
  };
  return html`<section class="in-short" aria-label=${t.counted}>
    ${gathered.subjects.map(
      (one) => html`<div class="in-short__one" key=${one.id}>
        <h2 class="in-short__name"><a href=${pathOf(KINDS[one.kind], { id: one.id, campaign_id: campaignId })}>${one.name}</a></h2>
        ${one.mentions === 0 ? html`<p class="quiet">${t.neverMentioned}</p>` : html`<p class="quiet">${t.mentions(one.mentions, one.is_cut)}${one.evenings > 0 && `, ${t.inEvenings(one.evenings)}`}</p>`}
        ${
          one.mentions > 0 &&
          html`<dl class="in-short__ends">
          ${end(t.firstMentioned, one.first_mentioned)}
          ${end(t.lastSeen, one.last_seen, t.neverSeen)}
          ${end(t.lastMentioned, one.last_mentioned)}
        </dl>`
        }
      </div>`,
    )}
    <p>${coverOf(gathered)}</p>
  </section>`;
}
