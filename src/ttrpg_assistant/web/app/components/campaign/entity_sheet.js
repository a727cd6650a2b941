import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { archive, remove, unarchive } from "../../state/campaign/campaign_actions.js";
import { apiOf, nameOf } from "../../state/campaign/campaign_kinds.js";
import { canonField } from "../../models/canon.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { print as words } from "../../words/en/print.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { Gallery } from "../pictures/gallery.js";
import { PortraitFrame } from "../pictures/portrait_frame.js";
import { CanonSteps } from "./canon_steps.js";
import { knownNames, useChoices } from "./choices.js";
import { EntityFacts } from "./entity_facts.js";
import { EntityForm } from "./entity_form.js";
import { ReadText } from "./read_text.js";
import { Relations } from "./relations.js";
import { Sources } from "./sources.js";
import { StatNumbers } from "./stat_numbers.js";
import { TableRoll } from "./table_roll.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * One thing of a campaign at the side of the page: read it, edit it, archive it, delete it.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, id: string, campaignId: string,
 *   onClose: () => void, children?: (entity: any) => any }} props `children` adds to what is shown
 */
export function EntitySheet({ kind, id, campaignId, onClose, children }) {
  const app = useApp();
  const [editing, setEditing] = useState(false);
  const choices = useChoices(campaignId, kind);
  const pulled = useFetched(
    (signal) => app.api.get(apiOf(kind, { id, campaign_id: campaignId }), { signal }),
    [kind.name, id],
    ofCampaign(campaignId),
  );
  const entity = pulled.value;
  if (editing && entity) {
    return html`<${EntityForm} kind=${kind} campaignId=${campaignId} entity=${entity} onClose=${() => setEditing(false)} onSaved=${pulled.put} />`;
  }
  return html`<${Dialog} title=${entity ? nameOf(kind, entity) : kind.title} kind="sheet" onClose=${onClose}>
    ${pulled.fault && !entity && html`<p role="alert">${pulled.fault.detail}</p>`}
    ${
      entity &&
      html`<div class="entity-sheet">
      ${kind.pictured && html`<div class="pictured"><${PortraitFrame} key=${id} campaignId=${campaignId} kind=${kind.name} thingId=${id} name=${nameOf(kind, entity)} /></div>`}
      <${EntityFacts} kind=${kind} entity=${entity} known=${knownNames(choices)} skip=${[canonField(kind)?.name ?? ""]} />
      <${StatNumbers} numbers=${entity.numbers} campaignId=${campaignId} />
      ${kind.rolledOn && html`<${TableRoll} key=${id} table=${entity} />`}
      ${kind.isThing && html`<${Gallery} key=${id} campaignId=${campaignId} kind=${kind} thingId=${id} name=${nameOf(kind, entity)} />`}
      <${CanonSteps} kind=${kind} entity=${entity} />
      ${children?.(entity)}
      ${kind.isThing && html`<${Relations} key=${id} campaignId=${campaignId} kind=${kind.name} id=${id} name=${nameOf(kind, entity)} />`}
      <${Sources} kind=${kind} entity=${entity} />
      <${EntityActions} kind=${kind} entity=${entity} onEdit=${() => setEditing(true)} onGone=${onClose}><${ReadText} kind=${kind} entity=${entity} /></${EntityActions}>
    </div>`
    }
  </${Dialog}>`;
}

/** @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, entity: any, onEdit: () => void, onGone: () => void, children?: any }} props */
export function EntityActions({ kind, entity, onEdit, onGone, children }) {
  const app = useApp();
  return html`<div class="button-row entity-actions">
    <button type="button" class="button button--accent" onClick=${onEdit}><${Icon} name="pencil" /> ${controls.edit}</button>
    <a class="button" href=${`/print/${kind.name}/${entity.id}`}><${Icon} name="scroll-text" /> ${words.print}</a>
    ${children}
    ${
      entity.archived_at
        ? html`<button type="button" class="button" onClick=${() => unarchive(app, kind, entity)}><${Icon} name="undo-2" /> ${t.unarchive}</button>`
        : html`<button type="button" class="button" onClick=${async () => (await archive(app, kind, entity)) && onGone()}><${Icon} name="archive" /> ${t.archive}</button>`
    }
    <button type="button" class="button button--danger" onClick=${async () => (await remove(app, kind, entity)) && onGone()}><${Icon} name="trash-2" /> ${controls.delete}</button>
  </div>`;
}
