import { html } from "../../html.js";
import { Icon } from "../icon.js";

/** The way to the files: in, and where to find the way out. */
export function Files() {
  return html`<p class="quiet">An archive brings a campaign back whole, on this computer or another; a transcript becomes a conversation. To take something out, open a campaign and choose Export, or the menu of a conversation.</p>
    <div class="button-row"><a class="button" href="/import"><${Icon} name="upload" /> Import a file</a></div>`;
}
