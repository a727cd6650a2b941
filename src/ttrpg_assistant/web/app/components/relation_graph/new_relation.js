import { html } from "../../html.js";
import { called } from "../../models/relation_graph.js";
import { RelationForm } from "../campaign/relation_form.js";
import { relationGraph as t } from "../../words/en/relation_graph.js";

/**
 * A relation between any two things; one after another.
 * @param {{ campaignId: string, from: import("../../models/relation_graph.js").GraphThing | null, onClose: () => void }} props
 */
export function NewRelation({ campaignId, from, onClose }) {
  return html`<div class="graph-new"><${RelationForm} key=${from?.id} campaignId=${campaignId} title=${t.form}
    one=${from && [from.kind, from.id, called(from)]} onClose=${onClose} /></div>`;
}
