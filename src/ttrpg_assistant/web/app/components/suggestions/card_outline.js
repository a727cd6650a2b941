import { html } from "../../html.js";
import { proposals as words } from "../../words/en/proposals.js";
import { Icon } from "../icon.js";

/**
 * The room of the cards that are being written, in their own size: what is known of them, in the places
 * where the card will have it. Only kind and name are to be read.
 * @param {{ outlines: import("../../models/proposal_outline.js").Outline[] }} props
 */
export function CardOutlines({ outlines }) {
  return html`<div class="cards-in-place">${outlines.map(
    ({ sign, title, why, rows }, at) => html`<div class="proposal proposal--coming" key=${at} aria-hidden="true">
      <p class="proposal__head"><span class="proposal__kind">${sign && html`<${Icon} name=${sign.icon} /> ${sign.words} · `}${words.coming(1)}</span></p>
      <p class="proposal__title">${title || html`<i>?</i>`}</p>
      ${why && html`<p class="proposal__why"><i>${why}</i></p>`}
      <div class="difference">${(rows.length > 0 ? rows : BLANK).map(
        ([label, text]) => html`<div class="difference__row"><span><i>${label}</i></span>
          <p class="difference__text"><i>${text}</i></p></div>`,
      )}</div>
      <div class="proposal__room"></div>
    </div>`,
  )}</div>`;
}

/** While nothing of it is known. @type {[string, string][]} */
const BLANK = [
  ["?", "?"],
  ["?", "?"],
];
