import { html } from "../html.js";
import { Icon } from "./icon.js";

/** While the history is on its way. Shown only when it takes long enough to be noticed. */
export function Loading() {
  return html`<div class="loading" role="status">
    <span class="loading__lines" aria-hidden="true"><i></i><i></i><i></i></span>
    <p>Loading conversation…</p>
  </div>`;
}

/**
 * A history that could not be loaded is never shown as an empty one.
 * @param {{ fault: import("../faults.js").ApiFault | null, onRetry: () => void }} props
 */
export function LoadFailed({ fault, onRetry }) {
  return html`<div class="load-failed" role="alert">
    <${Icon} name="circle-alert" />
    <h2>The conversation could not be loaded</h2>
    <p>${fault?.detail} ${fault?.cure ?? ""}</p>
    <p class="quiet">Nothing is lost: what was said is where it was stored.</p>
    <button type="button" class="button button--accent" onClick=${onRetry}>Retry</button>
  </div>`;
}
