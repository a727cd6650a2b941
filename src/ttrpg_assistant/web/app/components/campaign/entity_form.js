import { useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { keyOf, withCommand } from "../../keys.js";
import { changesOf, clashesOf, isSame, tidy } from "../../models/entity_edit.js";
import { change, makeOne } from "../../state/campaign/campaign_actions.js";
import { nameOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { removeDraft, findDraft, saveDraft } from "../../state/saving/form_drafts.js";
import { toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { useChoices } from "./choices.js";
import { Conflict } from "./conflict.js";
import { FieldEditor } from "./field_editor.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * The form for one thing of a campaign, at the side of the page. Without an `entity` it makes one,
 * with a short form first. `only` edits some fields, `focus` begins with one.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 *
 * @param {{ kind: Kind, campaignId: string | null, entity?: any, only?: string[], focus?: string,
 *   given?: Record<string, any>, onClose: () => void, onSaved?: (entity: any) => void }} props
 */
export function EntityForm({ kind, campaignId, entity = null, only, focus, given, onClose, onSaved }) {
  const app = useApp();
  const choices = useChoices(campaignId, kind);
  // Each part of a thing that has a form of its own has a draft of its own, so that none overwrites another.
  const draftName = [kind.name, entity?.id ?? `new.${campaignId ?? ""}`, ...(only ?? [])].join(".");
  const restored = useMemo(() => findDraft(draftName), [draftName]);
  const fresh = useRef({ id: newId() });
  /** What the edit is made from: a later version once theirs was accepted. */
  const [read, setRead] = useState(entity ?? blank(kind));
  const [revision, setRevision] = useState(restored?.revision ?? entity?.revision ?? null);
  const [values, setValues] = useState(
    /** @type {Record<string, any>} */ ({ ...(entity ?? blank(kind)), ...given, ...restored?.values }),
  );
  /** What cannot be stored yet, by field. */
  const [typed, setTyped] = useState(restored?.typed ?? {});
  /** Counts discards: an editor that holds rows of its own starts over with each. */
  const [discards, setDiscards] = useState(0);
  const [all, setAll] = useState(entity !== null);
  const [saving, setSaving] = useState(false);
  const [wrong, setWrong] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));

  const fields = kind.fields.filter((field) => (only ? only.includes(field.name) : true));
  const shown = fields.filter(({ first, as, name }) => {
    if (as === "message") return false;
    // Those named matter only where not everybody knows it.
    if (as === "known_to" && values.audience !== "some" && values[name].length === 0) return false;
    return all || only || first;
  });
  const changes = changesOf(fields, read, values);
  const dirty = Object.keys(changes).length > 0 || Object.keys(typed).length > 0;

  const write = (
    /** @type {string} */ name,
    /** @type {any} */ value,
    /** @type {import("../../models/pair_rows.js").Typed | undefined} */ unready,
  ) => {
    const next = { ...values, [name]: value };
    const { [name]: _, ...others } = typed;
    const unstored = unready ? { ...others, [name]: unready } : others;
    setValues(next);
    setTyped(unstored);
    setWrong("");
    const unsaved = changesOf(fields, read, next);
    if (Object.keys(unsaved).length > 0 || unready || Object.keys(others).length > 0)
      saveDraft(draftName, { revision, values: unsaved, typed: unstored });
    else removeDraft(draftName);
  };
  const discard = () => {
    removeDraft(draftName);
    setValues({ ...read, ...given });
    setTyped({});
    setDiscards(discards + 1);
    setRevision(entity?.revision ?? null);
  };
  const done = (/** @type {any} */ saved) => {
    removeDraft(draftName);
    toast(controls.saved);
    onSaved?.(saved);
    onClose();
  };

  /** @type {(body: Record<string, any>, at: number | null) => Promise<void>} */
  const send = async (body, at) => {
    setSaving(true);
    setWrong("");
    try {
      done(
        entity
          ? await change(app, kind, entity, body, at ?? entity.revision)
          : await makeOne(app, kind, campaignId, body, fresh.current.id),
      );
    } catch (error) {
      const fault = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!fault.detail) throw error;
      setSaving(false);
      if (fault.code === "stale_revision") return stale(fault, body);
      setWrong([fault.detail, fault.cure].filter(Boolean).join(" "));
    }
  };
  /** @type {(fault: import("../../faults.js").ApiFault, mine: Record<string, any>) => Promise<void> | void} */
  const stale = (fault, mine) => {
    const versions = /** @type {any} */ (fault.facts);
    const clashes = clashesOf(kind.fields, { mine, theirs: versions.theirs, base: versions.base });
    // Two people who changed different fields meant different things: both hold.
    if (clashes.length === 0) return send(mine, versions.revision);
    setClash({ clashes, mine, revision: versions.revision });
  };
  const save = () => {
    const unnamed = fields.find(({ as, name }) => as === "name" && !String(values[name] ?? "").trim());
    if (unnamed) return setWrong(t.enterName);
    if (entity && !dirty) return onClose();
    const body = entity ? changes : madeOf(fields, values, blank(kind));
    return send(body, revision);
  };
  const decide = (/** @type {Record<string, any>} */ chosen, /** @type {Record<string, any>} */ theirs) => {
    const mine = { ...clash.mine, ...chosen };
    const left = Object.fromEntries(
      Object.entries(mine).filter(([name, value]) => !(name in theirs && isSame(theirs[name], value))),
    );
    setClash(null);
    setRead({ ...read, ...theirs });
    setValues({ ...values, ...mine });
    setRevision(clash.revision);
    if (Object.keys(left).length === 0) {
      removeDraft(draftName);
      toast(controls.theirsKept);
      return onClose();
    }
    saveDraft(draftName, { revision: clash.revision, values: left });
    return send(left, clash.revision);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const enter = keyOf(event) === "Enter" && withCommand(event);
    const s = keyOf(event).toLowerCase() === "s" && withCommand(event);
    if (!enter && !s) return;
    event.preventDefault();
    /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit();
  };

  const title = entity ? (kind.name === "campaign" ? t.editCampaign : t.editOne(nameOf(kind, read))) : kind.newTitle;
  const begin = focus ?? shown[0]?.name;
  return html`<${Dialog} title=${title} kind="sheet" onClose=${onClose}>
    ${
      clash
        ? html`<${Conflict} clashes=${clash.clashes} onDecide=${decide} onBack=${() => setClash(null)} choices=${choices} />`
        : html`<form class="entity-form" onSubmit=${(/** @type {Event} */ event) => {
            event.preventDefault();
            save();
          }} onKeyDown=${key}>
          ${
            restored &&
            dirty &&
            discards === 0 &&
            html`<p class="note">${t.restored}${" "}
            <button type="button" class="link-button" onClick=${discard}>${t.discardChanges}</button></p>`
          }
          ${shown.map(
            (
              field,
            ) => html`<${FieldEditor} key=${`${field.name} ${discards}`} field=${field} value=${values[field.name]} choices=${choices}
            focus=${field.name === begin} typed=${typed[field.name]} onChange=${(/** @type {any} */ value, /** @type {any} */ unready) => write(field.name, value, unready)} />`,
          )}
          ${!all && !only && html`<button type="button" class="link-button" onClick=${() => setAll(true)}>${t.showAllFields}</button>`}
          <footer class="entity-form__foot">
            ${wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`}
            <div class="button-row button-row--end">
              <button type="button" class="button" onClick=${onClose}>${dirty ? t.keepDraft : controls.close}</button>
              <button type="submit" class="button button--accent" disabled=${saving}>${saving ? controls.saving : entity ? controls.save : t.create}</button>
            </div>
          </footer>
        </form>`
    }
  </${Dialog}>`;
}

/** A new thing before anything is written. @param {Kind} kind @returns {Record<string, any>} */
function blank(kind) {
  return Object.fromEntries(kind.fields.map(({ name, empty }) => [name, empty ?? ""]));
}

/** What a new thing is made of: what was written. @param {any[]} fields @param {any} values @param {any} empty */
function madeOf(fields, values, empty) {
  return Object.fromEntries(
    fields
      .map((field) => [field.name, tidy(field, values[field.name])])
      .filter(([name, value]) => !isSame(value, empty[name])),
  );
}
