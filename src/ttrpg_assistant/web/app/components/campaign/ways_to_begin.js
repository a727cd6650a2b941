import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { useApp } from "../../state/app.js";
import { loadSample } from "../../state/campaign/campaign_actions.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { start as words } from "../../words/en/start.js";
import { Icon } from "../icon.js";
import { EntityForm } from "./entity_form.js";

/** The ways to the first campaign, each one press: the sample, one's own by hand or in steps, files. */
export function WaysToBegin() {
  const app = useApp();
  const [making, setMaking] = useState(false);
  const open = (/** @type {{ id: string }} */ campaign) => navigate(`/campaigns/${campaign.id}`);
  const sample = async () => {
    const loaded = await loadSample(app);
    if (loaded) open(loaded);
  };
  return html`<div class="button-row">
      <button type="button" class="button button--accent" onClick=${sample}><${Icon} name="book-open" /> ${words.sample}</button>
      <button type="button" class="button" onClick=${() => setMaking(true)}><${Icon} name="plus" /> ${words.byHand}</button>
      <a class="button" href="/wizard"><${Icon} name="list" /> ${words.inSteps}</a>
      <a class="button" href="/import"><${Icon} name="upload" /> ${words.imports}</a>
    </div>
    ${making && html`<${EntityForm} kind=${KINDS.campaign} campaignId=${null} onClose=${() => setMaking(false)} onSaved=${open} />`}`;
}
