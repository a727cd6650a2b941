import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { removalWords, titleOfRemoval } from "../../models/removal_words.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { settings } from "../../words/en/settings.js";

/** @typedef {import("../../types.js").Removal} Removal */

/** What was cleared or deleted, and can be brought back for thirty days. */
export function Removals() {
  const app = useApp();
  const [removals, setRemovals] = useState(/** @type {Removal[] | null} */ (null));
  const load = () => attempt(async () => setRemovals((await app.api.get("/api/removals")).removals));
  useEffect(() => {
    load();
    return app.attend({ onHint: (hint) => void (hint.event === "removal" && load()) });
  }, [app]);
  if (!removals) return html`<p class="quiet">${settings.loading}</p>`;
  if (removals.length === 0) return html`<p class="quiet">${settings.noRemovals}</p>`;
  const undo = (/** @type {Removal} */ removal) =>
    attempt(async () => {
      await app.api.post(`/api/removals/${removal.id}/undo`);
      toast(settings.restored);
      await load();
    });
  return html`<ul class="removals">
    ${removals.map(
      (removal) => html`<li key=${removal.id} class="removals__item">
        <div><strong>${titleOfRemoval(removal)}</strong>
          <span class="quiet">${removalWords(removal, new Date())}</span></div>
        <button type="button" class="button button--small" onClick=${() => undo(removal)}>${settings.restore}</button>
      </li>`,
    )}
  </ul>`;
}
