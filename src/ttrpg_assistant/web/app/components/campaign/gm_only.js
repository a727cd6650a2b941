import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { campaign as t } from "../../words/en/campaign.js";

/**
 * Around whatever is for the game master's eyes only: hatched edge, closed eye, and the words, so
 * that it is told apart by shape as well as by colour.
 *
 * @param {{ title?: string, children: any }} props
 */
export function GmOnly({ title = t.gmOnly, children }) {
  return html`<section class="gm-only" aria-label=${title}>
    <p class="gm-only__sign"><${Icon} name="eye-off" /> ${title}</p>
    ${children}
  </section>`;
}

/** The same in a word, for a line of a list. */
export function GmOnlySign() {
  return html`<span class="gm-sign" title=${t.gmOnlyTitle}><${Icon} name="eye-off" /> ${t.gmOnly}</span>`;
}
