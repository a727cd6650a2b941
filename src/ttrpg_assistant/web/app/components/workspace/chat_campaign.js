import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { table as t } from "../../words/en/table.js";

/** One line over the composer: the campaign the chat knows. @param {{ name: string, campaignId: string, linked: boolean }} props */
export function ChatCampaign({ name, campaignId, linked }) {
  return html`<p class="knows" data-linked=${linked ? "true" : "false"}>${linked && html`<${Icon} name="link" /> ${t.campaignOfChat} <a href=${`/campaigns/${campaignId}`}>${name}</a>`}</p>`;
}
