import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { KINDS, nameOf, pathOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { attempt } from "../../state/notices.js";
import { Clock } from "./clock.js";
import { table as t } from "../../words/en/table.js";

/**
 * Which game session it is, and its clock. Without one, a button that starts the first.
 * @param {{ campaignId: string, gameSession: any, onChange: () => void, children: any }} props
 */
export function GameSessionHead({ campaignId, gameSession, onChange, children }) {
  const { api } = useApp();
  const begin = () =>
    attempt(async () => {
      const made = await api.post(`/api/campaigns/${campaignId}/game-sessions`, { id: newId() });
      await api.post(`/api/game-sessions/${made.id}/start`);
      await onChange();
    });
  return html`<header class="game-session-head">
    <div class="game-session-head__line">
      <h2>${gameSession ? html`<a href=${pathOf(KINDS.game_session, gameSession)}>${nameOf(KINDS.game_session, gameSession)}</a>` : t.noGameSession}</h2>
      ${children}
    </div>
    ${
      gameSession
        ? html`<${Clock} gameSession=${gameSession} onChange=${onChange}>
          ${gameSession.status === "ended" && html`<button type="button" class="button button--small" onClick=${begin}><${Icon} name="plus" /> ${t.newSession}</button>`}
        </${Clock}>`
        : html`<button type="button" class="button button--small" onClick=${begin}><${Icon} name="play" /> ${t.startFirst}</button>`
    }
  </header>`;
}
