import { html } from "../../html.js";
import { Icon } from "../icon.js";

/**
 * What could not be loaded is never shown as empty.
 * @param {{ fault: import("../../faults.js").ApiFault, onRetry: () => void }} props
 */
export function LoadFailed({ fault, onRetry }) {
  const gone = fault.status === 404;
  return html`<div class="load-failed" role="alert">
    <${Icon} name="circle-alert" />
    <h2>${gone ? "It is not here any more" : "This could not be loaded"}</h2>
    <p>${gone ? "It was deleted, or the link is wrong. What was deleted can be brought back in Settings for thirty days." : `${fault.detail} ${fault.cure ?? ""}`}</p>
    <div class="button-row">
      ${
        gone
          ? html`<a class="button button--accent" href="/campaigns">To the campaigns</a><a class="button" href="/settings">Recently removed</a>`
          : html`<button type="button" class="button button--accent" onClick=${onRetry}>Retry</button>`
      }
    </div>
  </div>`;
}
