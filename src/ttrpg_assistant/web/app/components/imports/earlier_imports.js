import { html } from "../../html.js";
import { dayInSentence } from "../../models/play_days.js";
import { findLastCampaign } from "../../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { imports as t } from "../../words/en/imports.js";

/**
 * What was imported into the campaign looked at last, to read the reports and to undo one.
 * @param {{ importing: import("../../state/files/importing.js").Importing }} props
 */
export function EarlierImports({ importing }) {
  const { api } = useApp();
  const id = findLastCampaign()?.id;
  const { value } = useFetched(
    (signal) => (id ? api.get(`/api/imports?campaign_id=${id}`, { signal }) : Promise.resolve({ imports: [] })),
    [id],
    ofCampaign(id ?? null),
  );
  const done = value?.imports ?? [];
  if (done.length === 0) return null;
  return html`<details class="import__earlier"><summary>${t.earlier}</summary>
    <ul>${done.map(
      (/** @type {any} */ one) => html`<li key=${one.id}>
      <button type="button" class="link-button" onClick=${() => importing.show(one)}>${one.title}</button>
      <span class="quiet">${t.state[/** @type {keyof typeof t.state} */ (one.state)]}, ${dayInSentence(new Date(one.created_at))}</span></li>`,
    )}</ul></details>`;
}
