import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { settings } from "../../words/en/settings.js";

/** The way to the files: in, and where to find the way out. */
export function Files() {
  return html`<p class="quiet">${settings.filesWords}</p>
    <div class="button-row"><a class="button" href="/import"><${Icon} name="upload" /> ${settings.importFile}</a></div>`;
}
