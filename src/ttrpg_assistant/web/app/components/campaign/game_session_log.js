import { html } from "../../html.js";
import { Clock } from "../workspace/clock.js";
import { TableLog } from "../workspace/table_log.js";
import { CampaignChats } from "./campaign_chats.js";
import { QuickNote } from "../workspace/quick_note.js";
import { campaign as t } from "../../words/en/campaign.js";

/** One game session: its clock, its notes and what happened. @param {{ gameSession: any }} props */
export function GameSessionLog({ gameSession }) {
  return html`<div class="game-session-log">
    <${Clock} gameSession=${gameSession} />
    <h3>${t.notesAndEvents}</h3>
    <${QuickNote} gameSession=${gameSession} />
    <${TableLog} gameSession=${gameSession} />
    <${CampaignChats} campaignId=${gameSession.campaign_id} gameSessionId=${gameSession.id} />
  </div>`;
}
