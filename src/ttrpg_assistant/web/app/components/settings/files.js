import { html } from "../../html.js";
import { Icon } from "../icon.js";

/** The way to the files: in, and where to find the way out. */
export function Files() {
  return html`<p class="quiet">Import a whole campaign from an archive, or a transcript as a conversation. To export, open a campaign and choose Export, or use the menu of a conversation.</p>
    <div class="button-row"><a class="button" href="/import"><${Icon} name="upload" /> Import a file</a></div>`;
}
