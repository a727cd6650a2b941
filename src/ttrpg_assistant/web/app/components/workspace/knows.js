import { html } from "../../html.js";
import { contextOf } from "../../state/campaign_context.js";
import { useDesk } from "../../state/desk.js";
import { Icon } from "../icon.js";

/** One quiet line over the composer: what the chat knows. @param {{ name: string, campaignId: string }} props */
export function Knows({ name, campaignId }) {
  const context = contextOf(useDesk());
  const fault = context.fault.value;
  if (fault) {
    return html`<p class="knows knows--failed" role="alert"><${Icon} name="unlink" /> The chat does not know ${name} yet: ${fault.detail}
      <button type="button" class="link-button" onClick=${() => context.retry()}>Retry</button></p>`;
  }
  if (context.taken.value) {
    return html`<p class="knows knows--failed" role="status"><${Icon} name="unlink" /> The chat was switched to another campaign in another window.
      <button type="button" class="link-button" onClick=${() => context.retry()}>Switch it back</button></p>`;
  }
  const linked = context.campaignId.value === campaignId;
  return html`<p class="knows" data-linked=${linked ? "true" : "false"}>${linked && html`<${Icon} name="link" /> knows: <a href=${`/campaigns/${campaignId}`}>${name}</a>`}</p>`;
}
