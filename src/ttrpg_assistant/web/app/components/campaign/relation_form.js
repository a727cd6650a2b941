import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { keyOf, withCommand } from "../../keys.js";
import {
  BLANK,
  endsSent,
  fieldsFor,
  isWrittenSame,
  relationClashes,
  sentOf,
  waysOf,
  whatIsMissing,
  writtenOf,
} from "../../models/relation_edit.js";
import { THINGS } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { findDraft, removeDraft, saveDraft } from "../../state/saving/form_drafts.js";
import { announce, toast } from "../../state/notices.js";
import { Icon } from "../icon.js";
import { useChoices } from "./choices.js";
import { Conflict } from "./conflict.js";
import { FieldEditor } from "./field_editor.js";
import { RelationEnds } from "./relation_ends.js";
import { campaign as campaignWords } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";
import { relations as t } from "../../words/en/relations.js";

/** What the form refers to: all the things of the campaign, each of which may be related to any. */
const ALL = {
  name: "relation",
  fields: [{ name: "other", label: t.other, as: "related", offers: THINGS.map(({ name }) => name) }],
};

/**
 * One relation; without a `relation` it makes one. On a sheet that is between its `thing` and another,
 * either way. Elsewhere it is from `one`, where that is given, and when it is saved the next is begun.
 *
 * @typedef {import("../../models/relation_edit.js").Written} Written
 * @typedef {import("../../models/relation_edit.js").Ends} Ends
 * @typedef {import("../../models/thing_names.js").Thing} Thing
 *
 * @param {{ campaignId: string, thing?: Thing | null, one?: Thing | null, title: string,
 *   relation?: import("../../models/relation_words.js").Relation | null,
 *   onClose: () => void, onSaved?: () => unknown }} props
 */
export function RelationForm({ campaignId, thing = null, one = null, title, relation = null, onClose, onSaved }) {
  const { api } = useApp();
  const choices = useChoices(campaignId, /** @type {any} */ (ALL));
  const draftName = `relation.${relation?.id ?? `new.${thing?.[1] ?? campaignId}`}`;
  const restored = useMemo(() => findDraft(draftName), [draftName]);
  const fresh = useRef(newId());
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  /** What the edit is made from, and at which revision: later ones, once they were seen. */
  const [read, setRead] = useState(/** @type {Written} */ (restored?.base ?? (relation ? writtenOf(relation) : BLANK)));
  const [revision, setRevision] = useState(restored?.revision ?? relation?.revision ?? 0);
  const [values, setValues] = useState(/** @type {Written} */ ({ ...read, ...restored?.values.fields }));
  const [ends, setEnds] = useState(
    /** @type {Ends} */ ({ one: thing ?? one, other: null, isTo: true, ...restored?.values.ends }),
  );
  /** Counts those that were saved: each has pickers of its own. */
  const [saves, setSaves] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const [wrong, setWrong] = useState("");
  const [savedLast, setSavedLast] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));

  const begin = () => {
    const boxes = /** @type {HTMLElement[]} */ ([
      ...(form.current?.querySelectorAll("[role=combobox], [data-field]") ?? []),
    ]);
    boxes[!thing && !relation && ends.one ? 1 : 0]?.focus();
  };
  useLayoutEffect(begin, [saves]);
  const keep = (/** @type {Written} */ fields, /** @type {Ends} */ named) => {
    setWrong("");
    if (named.other === null && isWrittenSame(fields, read)) removeDraft(draftName);
    else saveDraft(draftName, { revision, values: { fields, ends: named }, base: read });
  };
  const write = (/** @type {string} */ name, /** @type {any} */ value) => {
    const next = { ...values, [name]: value };
    setValues(next);
    keep(next, ends);
  };
  const choose = (/** @type {Ends} */ named) => {
    setEnds(named);
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
      else
        await api.post(`/api/campaigns/${campaignId}/relations`, {
          ...endsSent(ends),
          id: fresh.current,
          ...sentOf(mine),
        });
      removeDraft(draftName);
      if (!thing && !relation) return beginNext();
      toast(controls.saved);
      await onSaved?.();
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
  /** The next one is from the same thing, and known to the same. */
  const beginNext = () => {
    announce(t.isSaved(waysOf(ends)[0]));
    setSavedLast(waysOf(ends)[0]);
    fresh.current = newId();
    setSaving(false);
    setValues({ ...BLANK, audience: values.audience, known_to: values.known_to });
    setEnds({ ...ends, other: null });
    setSaves(saves + 1);
  };
  const decide = (/** @type {Partial<Written>} */ chosen) => {
    const mine = { ...clash.mine, ...chosen };
    setValues(mine);
    setRead(clash.theirs);
    setRevision(clash.revision);
    setClash(null);
    saveDraft(draftName, { revision: clash.revision, values: { fields: mine, ends }, base: clash.theirs });
    return send(mine, clash.revision, clash.theirs);
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    const missing = relation ? "" : whatIsMissing(ends, thing !== null);
    if (missing) {
      setWrong(missing);
      return begin();
    }
    if (relation && isWrittenSame(values, read)) return discard();
    return send(values, revision, read);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const isQuick = !thing && /** @type {Element} */ (event.target).matches("select");
    if (keyOf(event) === "Enter" && (withCommand(event) || isQuick)) form.current?.requestSubmit();
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
      html`<${RelationEnds} key=${saves} campaignId=${campaignId} choices=${choices} isOnSheet=${thing !== null} ends=${ends} onChange=${choose} />`
    }
    ${fieldsFor(values).map(
      (field) => html`<${FieldEditor} key=${field.name} field=${field} choices=${choices}
        value=${values[/** @type {keyof Written} */ (field.name)]} onChange=${(/** @type {any} */ value) => write(field.name, value)} />`,
    )}
    ${wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`}
    ${savedLast && !wrong && html`<p class="quiet">${t.isSaved(savedLast)} ${t.nextOne}</p>`}
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${discard}>${savedLast ? controls.close : controls.cancel}</button>
      <button type="submit" class="button button--accent" disabled=${isSaving}>${isSaving ? controls.saving : controls.save}</button>
    </div>
  </form>`;
}
