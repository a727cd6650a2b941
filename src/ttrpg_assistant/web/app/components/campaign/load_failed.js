import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * What could not be loaded is never shown as empty.
 * @param {{ fault: import("../../faults.js").ApiFault, onRetry: () => void }} props
 */
export function LoadFailed({ fault, onRetry }) {
  const gone = fault.status === 404;
  return html`<div class="load-failed" role="alert">
    <${Icon} name="circle-alert" />
    <h2>${gone ? t.notFound : t.loadFailed}</h2>
    <p>${gone ? t.notFoundHelp : `${fault.detail} ${fault.cure ?? ""}`}</p>
    <div class="button-row">
      ${
        gone
          ? html`<a class="button button--accent" href="/campaigns">${t.openCampaigns}</a><a class="button" href="/settings">${t.recentlyRemoved}</a>`
          : html`<button type="button" class="button button--accent" onClick=${onRetry}>${controls.retry}</button>`
      }
    </div>
  </div>`;
}
