import { html } from "../../html.js";
import { QuickNote } from "./quick_note.js";
import { TableLog } from "./table_log.js";

/** Quick capture, and what was captured, the newest on top. @param {{ gameSession: any }} props */
export function Notes({ gameSession }) {
  if (!gameSession)
    return html`<p class="quiet">Notes belong to an evening. Start one, and <kbd>n</kbd> writes into it.</p>`;
  return html`<${QuickNote} key=${gameSession.id} gameSession=${gameSession} /><${TableLog} gameSession=${gameSession} newestFirst />`;
}
