import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { toMarkup } from "../markdown.js";
import { clock, playDayWords } from "../models/play_days.js";
import { Icon } from "./icon.js";

/** While the history is on its way. Shown only when it takes long enough to be noticed. */
export function Loading() {
  useEffect(makeReady, []);
  return html`<div class="loading" role="status">
    <span class="loading__lines" aria-hidden="true"><i></i><i></i><i></i></span>
    <p>Loading conversation…</p>
  </div>`;
}

/**
 * The first text and the first date of a page take many times as long as any after them: time that
 * is there now, and is missing when the history has come.
 */
function makeReady() {
  toMarkup("*One* line.\n\n- and another");
  clock(new Date(0));
  playDayWords(new Date(0), new Date());
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
