import { html } from "../html.js";
import { useDesk } from "../state/desk.js";

/** Who answers, in one plain line. */
export function Speaking() {
  const { models } = useDesk();
  const current = models.current.value;
  if (current === null) return null;
  if (models.offline.value) {
    return html`<p class="speaking">Built-in model: answers from what you have written here. ${" "}
      <a href="/settings">Choose another in Settings</a>.</p>`;
  }
  return html`<p class="speaking"><a href="/settings">${current.replace(/^[^:]+:/, "")}</a> answers.</p>`;
}
