import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { SAMPLE_ID, archive, remove, removeSample, unarchive } from "../../state/campaign/campaign_actions.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { start as words } from "../../words/en/start.js";
import { ExportCampaign } from "../archive/export_dialog.js";
import { Icon } from "../icon.js";
import { Contradictions } from "./contradictions.js";
import { EntityForm } from "./entity_form.js";
import { GmOnly } from "./gm_only.js";
import { LooseThreads } from "./loose_threads.js";
import { NextSteps } from "./next_steps.js";
import { Sources } from "./sources.js";
import { Pairs, Value, isEmpty } from "./values.js";
import { WaitingRecap } from "../workspace/waiting_recap.js";

const KIND = KINDS.campaign;

/** @param {string} name */
const fieldOf = (name) =>
  /** @type {import("../../state/campaign/campaign_kinds.js").Field} */ (
    KIND.fields.find((field) => field.name === name)
  );

/** The parts that are edited together. */
const WRITTEN = ["name", "system", "setting", "description", "gm_notes"];

/**
 * What the campaign is: its prose, and the names and values the assistant is told.
 * @param {{ campaign: any, onSaved: (campaign: any) => void }} props
 */
export function Overview({ campaign, onSaved }) {
  const [editing, setEditing] = useState(/** @type {string[] | null} */ (null));
  const edit = (
    /** @type {string} */ label,
    /** @type {string[]} */ fields,
  ) => html`<button type="button" class="button button--small" onClick=${() => setEditing(fields)}>
    <${Icon} name="pencil" /> ${label}</button>`;
  const prose = (/** @type {string} */ name) => html`<${Value} field=${fieldOf(name)} value=${campaign[name]} />`;
  return html`<${WaitingRecap} campaignId=${campaign.id} /><${NextSteps} key=${campaign.id} campaign=${campaign} />
    <${Contradictions} campaignId=${campaign.id} /><${LooseThreads} campaignId=${campaign.id} /><div class="overview">
    <section class="overview__words" aria-labelledby="about-title">
      <header class="section__title"><h2 id="about-title">${words.aboutTitle}</h2>${edit(words.edit, WRITTEN)}</header>
      <dl class="sheet-facts">
        <div class="sheet-facts__row"><dt>${words.system}</dt><dd>${prose("system")}</dd></div>
        <div class="sheet-facts__row sheet-facts__row--prose"><dt>${words.setting}</dt><dd>${prose("setting")}</dd></div>
        <div class="sheet-facts__row sheet-facts__row--prose"><dt>${words.description}</dt><dd>${prose("description")}</dd></div>
      </dl>
      ${campaign.gm_notes && html`<${GmOnly} title=${words.gmNotes}>${prose("gm_notes")}</${GmOnly}>`}
      <${Sources} kind=${KIND} entity=${campaign} />
    </section>
    ${["world_state", "house_rules"].map((name) => {
      const field = fieldOf(name);
      return html`<section class="overview__pairs" aria-labelledby=${`${name}-title`} key=${name}>
        <header class="section__title"><h2 id=${`${name}-title`}>${field.label}</h2>${edit(isEmpty(campaign[name]) ? words.write : words.edit, [name])}</header>
        ${
          isEmpty(campaign[name])
            ? html`<p class="quiet">${name === "world_state" ? words.emptyState : words.emptyRules}</p>`
            : html`<${Pairs} value=${campaign[name]} />`
        }
      </section>`;
    })}
    ${editing && html`<${EntityForm} kind=${KIND} campaignId=${campaign.id} entity=${campaign} only=${editing} onClose=${() => setEditing(null)} onSaved=${onSaved} />`}
  </div>`;
}

/** @param {{ campaign: any }} props */
export function CampaignActions({ campaign }) {
  const app = useApp();
  const back = () => navigate(`/campaigns/${campaign.id}`);
  const leave = () => navigate("/campaigns");
  const [exporting, setExporting] = useState(false);
  const out = html`<button type="button" class="button" onClick=${() => setExporting(true)}><${Icon} name="download" /> ${words.export}</button>
    <a class="button" href=${`/print/campaign/${campaign.id}`}><${Icon} name="scroll-text" /> ${words.print}</a>
    ${exporting && html`<${ExportCampaign} campaign=${campaign} onClose=${() => setExporting(false)} />`}`;
  if (campaign.id === SAMPLE_ID) {
    return html`<div class="button-row entity-actions">
      ${out}
      <button type="button" class="button" onClick=${async () => (await removeSample(app, back)) && leave()}><${Icon} name="x" /> ${words.removeSample}</button></div>`;
  }
  return html`<div class="button-row entity-actions">
    ${out}
    ${
      campaign.archived_at
        ? html`<button type="button" class="button" onClick=${() => unarchive(app, KIND, campaign)}><${Icon} name="undo-2" /> ${words.unarchive}</button>`
        : html`<button type="button" class="button" onClick=${async () => (await archive(app, KIND, campaign)) && leave()}><${Icon} name="archive" /> ${words.archive}</button>`
    }
    <button type="button" class="button button--danger" onClick=${async () => (await remove(app, KIND, campaign, back)) && leave()}><${Icon} name="trash-2" /> ${words.delete}</button>
  </div>`;
}
