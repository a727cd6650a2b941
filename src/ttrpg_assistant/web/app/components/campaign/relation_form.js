import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { keyOf, withCommand } from "../../keys.js";
import { BLANK, fieldsFor, isWrittenSame, relationClashes, sentOf, writtenOf } from "../../models/relation_edit.js";
import { THINGS } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { findDraft, removeDraft, saveDraft } from "../../state/saving/form_drafts.js";
import { toast } from "../../state/notices.js";
import { Icon } from "../icon.js";
import { useChoices } from "./choices.js";
import { Conflict } from "./conflict.js";
import { FieldEditor } from "./field_editor.js";
import { ThingPicker } from "./thing_picker.js";
import { campaign as campaignWords } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";
import { relations as t } from "../../words/en/relations.js";

/** Whatever has operations of a thing may be related to it. */
const OFFERS = THINGS.map(({ name }) => name);

/** What the form refers to: all the things of the campaign. */
const ALL = { name: "relation", fields: [{ name: "other", label: t.other, as: "related", offers: OFFERS }] };

/**
 * One relation in its place on the sheet; without a `relation` it makes one that goes out from `thing`.
 *
 * @typedef {import("../../models/relation_edit.js").Written} Written
 *
 * @param {{ campaignId: string, thing: { kind: string, id: string }, title: string,
 *   relation?: import("../../models/relation_words.js").Relation | null,
 *   onClose: () => void, onSaved: () => unknown }} props
 */
export function RelationForm({ campaignId, thing, title, relation = null, onClose, onSaved }) {
  const { api } = useApp();
  const choices = useChoices(campaignId, /** @type {any} */ (ALL));
  const draftName = `relation.${relation?.id ?? `new.${thing.id}`}`;
  const restored = useMemo(() => findDraft(draftName), [draftName]);
  const fresh = useRef(newId());
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  /** What the edit is made from, and at which revision: later ones, once they were seen. */
  const [read, setRead] = useState(/** @type {Written} */ (restored?.base ?? (relation ? writtenOf(relation) : BLANK)));
  const [revision, setRevision] = useState(restored?.revision ?? relation?.revision ?? 0);
  const [values, setValues] = useState(/** @type {Written} */ ({ ...read, ...restored?.values.fields }));
  const [other, setOther] = useState(
    /** @type {import("../../models/thing_names.js").Thing | null} */ (restored?.values.other ?? null),
  );
  const [isSaving, setSaving] = useState(false);
  const [wrong, setWrong] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));

  const begin = () =>
    /** @type {HTMLElement | null | undefined} */ (
      form.current?.querySelector("[role=combobox], [data-field]")
    )?.focus();
  useEffect(begin, []);
  const keep = (/** @type {Written} */ fields, /** @type {typeof other} */ named) => {
    setWrong("");
    if (named === null && isWrittenSame(fields, read)) removeDraft(draftName);
    else saveDraft(draftName, { revision, values: { fields, other: named }, base: read });
  };
  const write = (/** @type {string} */ name, /** @type {any} */ value) => {
    const next = { ...values, [name]: value };
    setValues(next);
    keep(next, other);
  };
  const choose = (/** @type {typeof other} */ named) => {
    setOther(named);
    keep(values, named);
  };
  const discard = () => {
    removeDraft(draftName);
    onClose();
  };

  /** @type {(mine: Written, at: number, base: Written) => Promise<void>} `base` is what the revision `at` said */
  const send = async (mine, at, base) => {
    setSaving(true);
    setWrong("");
    try {
      if (relation) await api.patch(`/api/relations/${relation.id}`, { revision: at, changes: sentOf(mine) });
      else if (other)
        await api.post(`/api/campaigns/${campaignId}/relations`, {
          ...newEnds(thing, other),
          id: fresh.current,
          ...sentOf(mine),
        });
      removeDraft(draftName);
      toast(controls.saved);
      await onSaved();
      onClose();
    } catch (error) {
      const fault = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!fault.detail) throw error;
      setSaving(false);
      if (fault.code !== "stale_revision") return setWrong([fault.detail, fault.cure].filter(Boolean).join(" "));
      const { theirs: stored, revision: now } = /** @type {any} */ (fault.facts);
      const theirs = writtenOf(stored);
      const clashes = relationClashes({ mine, theirs, base });
      if (clashes.length === 0) return send(mine, now, theirs);
      setClash({ clashes, mine, theirs, revision: now });
    }
  };
  const decide = (/** @type {Partial<Written>} */ chosen) => {
    const mine = { ...clash.mine, ...chosen };
    setValues(mine);
    setRead(clash.theirs);
    setRevision(clash.revision);
    setClash(null);
    saveDraft(draftName, { revision: clash.revision, values: { fields: mine, other }, base: clash.theirs });
    return send(mine, clash.revision, clash.theirs);
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!relation && !other) {
      setWrong(t.chooseOther);
      return begin();
    }
    if (relation && isWrittenSame(values, read)) return discard();
    return send(values, revision, read);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) === "Enter" && withCommand(event)) form.current?.requestSubmit();
    // What was typed is still there when the form is opened again.
    else if (keyOf(event) === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (clash) {
    return html`<${Conflict} key=${clash.revision} clashes=${clash.clashes} choices=${choices} onBack=${() => setClash(null)} onDecide=${decide} />`;
  }
  return html`<form class="relation-form" aria-label=${title} ref=${form} onSubmit=${save} onKeyDown=${key}>
    ${restored && html`<p class="note">${campaignWords.restored}${" "}<button type="button" class="link-button" onClick=${discard}>${campaignWords.discardChanges}</button></p>`}
    ${
      !relation &&
      html`<${ThingPicker} campaignId=${campaignId} choices=${choices} offers=${OFFERS} but=${thing.id} value=${other} onChange=${choose}
        label=${t.other} hint=${t.otherHint} found=${t.found} />`
    }
    ${fieldsFor(values).map(
      (field) => html`<${FieldEditor} key=${field.name} field=${field} choices=${choices}
        value=${values[/** @type {keyof Written} */ (field.name)]} onChange=${(/** @type {any} */ value) => write(field.name, value)} />`,
    )}
    ${wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`}
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${discard}>${controls.cancel}</button>
      <button type="submit" class="button button--accent" disabled=${isSaving}>${isSaving ? controls.saving : controls.save}</button>
    </div>
  </form>`;
}

/** @param {{ kind: string, id: string }} thing @param {import("../../models/thing_names.js").Thing} other */
function newEnds(thing, [kind, id]) {
  return { from_kind: thing.kind, from_id: thing.id, to_kind: kind, to_id: id };
}
