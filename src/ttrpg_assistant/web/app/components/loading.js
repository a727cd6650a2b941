import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { toMarkup } from "../markdown.js";
import { clock, playDayWords } from "../models/play_days.js";
import { Icon } from "./icon.js";
import { messages } from "../words/en/messages.js";
import { conversations } from "../words/en/conversations.js";
import { controls } from "../words/en/controls.js";

/** While the history is on its way. Shown only when it takes long enough to be noticed. */
export function Loading() {
  useEffect(makeReady, []);
  return html`<div class="loading" role="status">
    <span class="loading__lines" aria-hidden="true"><i></i><i></i><i></i></span>
    <p>${messages.loading}</p>
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
    <h2>${conversations.loadFailed}</h2>
    <p>${fault?.detail} ${fault?.cure ?? ""}</p>
    <p class="quiet">${conversations.nothingLost}</p>
    <button type="button" class="button button--accent" onClick=${onRetry}>${controls.retry}</button>
  </div>`;
}
