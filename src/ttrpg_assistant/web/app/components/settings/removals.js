import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { eveningWords } from "../../models/evenings.js";
import { useDesk } from "../../state/desk.js";
import { attempt, toast } from "../../state/notices.js";

/** @typedef {import("../../types.js").Removal} Removal */

/** What was cleared or deleted, and can be brought back for thirty days. */
export function Removals() {
  const desk = useDesk();
  const [removals, setRemovals] = useState(/** @type {Removal[] | null} */ (null));
  const load = () => attempt(async () => setRemovals((await desk.api.get("/api/removals")).removals));
  useEffect(() => {
    load();
    return desk.attend({ onHint: (hint) => void (hint.event === "removal" && load()) });
  }, [desk]);
  if (!removals) return html`<p class="quiet">Looking…</p>`;
  if (removals.length === 0)
    return html`<p class="quiet">Nothing. What you clear or delete can be restored here for thirty days.</p>`;
  const undo = (/** @type {Removal} */ removal) =>
    attempt(async () => {
      await desk.api.post(`/api/removals/${removal.id}/undo`);
      toast("Restored.");
      await load();
    });
  return html`<ul class="removals">
    ${removals.map(
      (removal) => html`<li key=${removal.id} class="removals__item">
        <div><strong>${removal.title ?? nameOf(removal.kind)}</strong>
          <span class="quiet">${words(removal)}</span></div>
        <button type="button" class="button button--small" onClick=${() => undo(removal)}>Restore</button>
      </li>`,
    )}
  </ul>`;
}

/** @param {string} kind */
function nameOf(kind) {
  return kind.includes("message") || kind.includes("chat") ? "A conversation" : kind.replaceAll("_", " ");
}

/** @param {Removal} removal */
function words(removal) {
  const now = new Date();
  const count = removal.count === 1 ? "1 message" : `${removal.count} messages`;
  const when = eveningWords(new Date(removal.created_at), now).toLowerCase();
  const until = eveningWords(new Date(removal.expires_at), now);
  return `${removal.count > 0 ? `${count}, ` : ""}removed ${when}, kept until ${until}`;
}
