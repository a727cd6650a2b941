import { html } from "../../html.js";
import { QuickNote } from "./quick_note.js";
import { TableLog } from "./table_log.js";
import { table as t } from "../../words/en/table.js";

/** A quick note, and below it the notes there are, the newest first. @param {{ gameSession: any }} props */
export function Notes({ gameSession }) {
  if (!gameSession) return html`<p class="quiet">${t.notesNeedSession} <kbd>n</kbd> ${t.addsNote}</p>`;
  return html`<${QuickNote} key=${gameSession.id} gameSession=${gameSession} /><${TableLog} gameSession=${gameSession} newestFirst />`;
}
