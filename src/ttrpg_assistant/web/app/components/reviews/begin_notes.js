import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Icon } from "../icon.js";
import { EstimateLine, useEstimate } from "./estimate.js";
import { readingNotes as t } from "../../words/en/reading_notes.js";

/**
 * What it takes to have notes read that are kept for it; then the reading begins.
 * @param {{ thread: import("../../types.js").Conversation, onBegun: (review: import("../../models/reviews.js").Review) => void }} props
 */
export function BeginNotes({ thread, onBegun }) {
  const { api } = useApp();
  const [busy, setBusy] = useState(false);
  const { estimate, canRead } = useEstimate(`conversation_id=${thread.id}`);
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => {
      const { id } = await api.post("/api/transcript-reviews", { conversation_id: thread.id });
      onBegun(await api.post(`/api/transcript-reviews/${id}/start`, {}));
    });
    setBusy(false);
  };
  return html`<form class="import__card" onSubmit=${begin}>
    <p>${t.beginWords}</p>
    <p role="status"><${EstimateLine} estimate=${estimate} /></p>
    <div class="button-row"><button type="submit" class="button button--accent" disabled=${busy || !canRead}><${Icon} name="scroll-text" /> ${t.start}</button></div>
  </form>`;
}
