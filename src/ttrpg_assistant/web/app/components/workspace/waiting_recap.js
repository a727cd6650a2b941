import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { KINDS, nameOf } from "../../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { RecapDialog } from "./recap_dialog.js";
import { table as t } from "../../words/en/table.js";

/**
 * Says that the game session played last has no recap yet; one press begins to write it.
 * @param {{ campaignId: string, besides?: string | null }} props `besides`: a game session whose own
 *   clock says so already
 */
export function WaitingRecap({ campaignId, besides = null }) {
  const { api } = useApp();
  const { value } = useFetched(
    async (signal) => {
      const page = await api.get(`/api/campaigns/${campaignId}/game-sessions?status=ended&limit=1`, { signal });
      return page.game_sessions[0] ?? null;
    },
    [campaignId],
    ofCampaign(campaignId),
  );
  const [writing, setWriting] = useState(/** @type {any} */ (null));
  const waits = value && value.id !== besides && !value.recap_gm && !value.recap_players;
  return html`${
    waits &&
    html`<div class="waiting-recap" role="note"><${Icon} name="scroll-text" />
      <p>${t.recapWaits(nameOf(KINDS.game_session, value))}</p>
      <button type="button" class="button button--small" onClick=${() => setWriting(value)}>${t.recapWrite}</button></div>`
  }${writing && html`<${RecapDialog} key=${writing.id} gameSession=${writing} fresh onClose=${() => setWriting(null)} />`}`;
}
