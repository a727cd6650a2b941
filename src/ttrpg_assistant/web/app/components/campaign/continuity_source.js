import { html } from "../../html.js";
import { sourceLink, sourceWord } from "../../models/continuity_links.js";
import { continuity as t } from "../../words/en/continuity.js";

/**
 * The way to where something is said, with its evening.
 *
 * @param {{ source: import("../../state/campaign/continuity.js").Ref, evening: number | null, campaignId: string,
 *   places: import("../../state/campaign/continuity.js").Places }} props
 */
export function ContinuitySource({ source, evening, campaignId, places }) {
  const at = sourceLink(source, evening, campaignId, places);
  const words = [evening && t.evening(evening), sourceWord(source)].filter(Boolean).join(" · ");
  return at ? html`<a href=${at}>${words}</a>` : html`<span>${words}</span>`;
}
