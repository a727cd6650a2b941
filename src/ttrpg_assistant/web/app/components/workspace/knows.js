import { html } from "../../html.js";
import { Icon } from "../icon.js";

/** One quiet line over the composer: what the chat knows. @param {{ name: string, campaignId: string, linked: boolean }} props */
export function Knows({ name, campaignId, linked }) {
  return html`<p class="knows" data-linked=${linked ? "true" : "false"}>${linked && html`<${Icon} name="link" /> knows: <a href=${`/campaigns/${campaignId}`}>${name}</a>`}</p>`;
}
