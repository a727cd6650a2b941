import { useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { changesOf, clashesOf, draftOf } from "../../models/entity_edit.js";
import { useApp } from "../../state/app.js";
import { removeDraft, findDraft, saveDraft } from "../../state/saving/form_drafts.js";
import { toast } from "../../state/notices.js";
import { LONGEST, saveVoice } from "../../state/talk/voices.js";
import { voices as t } from "../../words/en/voices.js";
import { controls } from "../../words/en/controls.js";

/**
 * A voice in the game master's own words. What is typed is kept until it is saved.
 *
 * @typedef {import("../../state/talk/voices.js").Voice} Voice
 *
 * @param {{ voice: Voice | null, onDone: () => void }} props without a `voice` it makes one
 */
export function VoiceForm({ voice, onDone }) {
  const app = useApp();
  const draft = `voice.${voice?.id ?? "new"}`;
  const restored = useMemo(() => findDraft(draft), [draft]);
  const fresh = useRef(newId());
  /** What is stored, and what the edit is made from: older than that when a draft was restored. */
  const [read, setRead] = useState(fieldsOf(voice));
  const [base, setBase] = useState(() => ({ ...fieldsOf(voice), ...restored?.base }));
  const [revision, setRevision] = useState(restored?.revision ?? voice?.revision ?? null);
  const [values, setValues] = useState(() => ({ ...fieldsOf(voice), ...restored?.values }));
  const [saving, setSaving] = useState(false);
  const [wrong, setWrong] = useState("");
  const [clashes, setClashes] = useState(/** @type {import("../../models/entity_edit.js").Clash[]} */ ([]));

  const keep = (/** @type {Record<string, string>} */ stored, /** @type {typeof values} */ next) => {
    setValues(next);
    setWrong("");
    const kept = draftOf(FIELDS, { read: stored, written: next, revision, base });
    if (kept) saveDraft(draft, kept);
    else removeDraft(draft);
    return kept;
  };
  const write = (/** @type {string} */ name, /** @type {string} */ value) => keep(read, { ...values, [name]: value });
  const done = (/** @type {string} */ words) => {
    removeDraft(draft);
    toast(words);
    onDone();
  };
  /** @type {(mine: Record<string, string>, at: number) => Promise<unknown>} */
  const send = async (mine, at) => {
    try {
      return await saveVoice(app, voice && { ...voice, revision: at }, mine, fresh.current);
    } catch (error) {
      const { code, facts } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (code !== "stale_revision" || !voice) throw error;
      const theirs = /** @type {Record<string, string>} */ (facts.theirs);
      const both = clashesOf(FIELDS, { mine, theirs, base });
      if (both.length === 0) return send(mine, Number(facts.revision));
      // What is in the form stays; saving once more says that it is meant.
      setClashes(both);
      setRevision(Number(facts.revision));
      setRead({ ...read, ...theirs });
      setBase({ ...base, ...theirs });
      throw error;
    }
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const mine = voice ? changesOf(FIELDS, read, values) : values;
    if (Object.keys(mine).length === 0) return done(t.noChanges);
    setSaving(true);
    setClashes([]);
    try {
      await send(mine, revision ?? 0);
      done(controls.saved);
    } catch (error) {
      const { detail, cure, code } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      setSaving(false);
      setWrong(code === "stale_revision" ? "" : [detail, cure].filter(Boolean).join(" "));
    }
  };
  const takeTheirs = () => {
    const theirs = Object.fromEntries(clashes.map((clash) => [clash.field.name, clash.theirs]));
    setClashes([]);
    if (!keep(read, { ...values, ...theirs })) done(controls.theirsKept);
  };
  const discard = () => {
    removeDraft(draft);
    onDone();
  };
  const left = LONGEST.instruction - values.instruction.length;
  return html`<form class="voice-form" onSubmit=${submit}>
    ${restored && html`<p class="note">${t.restored}</p>`}
    <div class="field-group"><label for="voice-name">${controls.name}</label>
      <input id="voice-name" class="field" required maxlength=${LONGEST.name} value=${values.name} autofocus
        onInput=${(/** @type {any} */ event) => write("name", event.currentTarget.value)} /></div>
    <div class="field-group"><label for="voice-words">${t.description}</label>
      <input id="voice-words" class="field" maxlength=${LONGEST.words} value=${values.words}
        onInput=${(/** @type {any} */ event) => write("words", event.currentTarget.value)} /></div>
    <div class="field-group"><label for="voice-instruction">${t.instructions}</label>
      <p class="field-hint" id="voice-hint">${t.instructionsHint}</p>
      <textarea id="voice-instruction" class="field field--prose voice-form__text" required rows="7" maxlength=${LONGEST.instruction} aria-describedby="voice-hint"
        value=${values.instruction} onInput=${(/** @type {any} */ event) => write("instruction", event.currentTarget.value)}></textarea>
      ${left < 300 && html`<p class="quiet" role="status">${t.charactersLeft(left)}</p>`}</div>
    ${
      clashes.length > 0 &&
      html`<div class="note note--trouble" role="alert">
      <p>${t.changed}</p>
      ${clashes.map(({ field, theirs }) => html`<p key=${field.name}>${t.savedNow(field.label)}</p><pre class="conflict__text">${theirs || t.empty}</pre>`)}
      <button type="button" class="button button--small" onClick=${takeTheirs}>${controls.keepTheirs}</button></div>`
    }
    ${wrong && html`<p class="note note--trouble" role="alert">${wrong}</p>`}
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${discard}>${controls.cancel}</button>
      <button type="submit" class="button button--accent" disabled=${saving || !values.name.trim() || !values.instruction.trim()}>${controls.save}</button></div>
  </form>`;
}

/** @type {import("../../state/campaign/campaign_kinds.js").Field[]} */
const FIELDS = [
  { name: "name", label: controls.name, as: "line" },
  { name: "words", label: t.description, as: "line" },
  { name: "instruction", label: t.instructions, as: "prose" },
];

/** @param {Voice | null} voice */
function fieldsOf(voice) {
  return { name: voice?.name ?? "", words: voice?.words ?? "", instruction: voice?.instruction ?? "" };
}
