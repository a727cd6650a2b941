import { useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { useDesk } from "../../state/desk.js";
import { dropDraft, findDraft, keepDraft } from "../../state/form_drafts.js";
import { toast } from "../../state/notices.js";
import { LONGEST, keepVoice } from "../../state/voices.js";

/**
 * A voice in the game master's own words. What is typed is kept until it is saved.
 *
 * @typedef {import("../../state/voices.js").Voice} Voice
 *
 * @param {{ voice: Voice | null, onDone: () => void }} props without a `voice` it makes one
 */
export function VoiceForm({ voice, onDone }) {
  const desk = useDesk();
  const draft = `voice.${voice?.id ?? "new"}`;
  const restored = useMemo(() => findDraft(draft), [draft]);
  const fresh = useRef(newId());
  /** What the edit is made from: theirs, once it was taken up. */
  const [read, setRead] = useState(voice);
  const [values, setValues] = useState(() => ({ ...fieldsOf(voice), ...restored?.values }));
  const [saving, setSaving] = useState(false);
  const [wrong, setWrong] = useState("");

  const write = (/** @type {string} */ name, /** @type {string} */ value) => {
    const next = { ...values, [name]: value };
    setValues(next);
    setWrong("");
    keepDraft(draft, { revision: read?.revision ?? null, values: next });
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setSaving(true);
    try {
      await keepVoice(desk, read, values, fresh.current);
      dropDraft(draft);
      toast("Saved.");
      onDone();
    } catch (error) {
      const { detail, cure, code, facts } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      setSaving(false);
      // What is in the form stays; saving once more says that it is meant.
      if (code === "stale_revision" && read) setRead({ ...read, revision: Number(facts.revision) });
      setWrong(code === "stale_revision" ? "This voice was changed elsewhere meanwhile. Save again to put yours in its place." : [detail, cure].filter(Boolean).join(" "));
    }
  };
  const discard = () => {
    dropDraft(draft);
    onDone();
  };
  const left = LONGEST.instruction - values.instruction.length;
  return html`<form class="voice-form" onSubmit=${submit}>
    ${restored && html`<p class="note">What you had written here and not saved is back.</p>`}
    <div class="field-group"><label for="voice-name">Name</label>
      <input id="voice-name" class="field" required maxlength=${LONGEST.name} value=${values.name} autofocus
        onInput=${(/** @type {any} */ event) => write("name", event.currentTarget.value)} /></div>
    <div class="field-group"><label for="voice-words">What it is like, in one sentence</label>
      <input id="voice-words" class="field" maxlength=${LONGEST.words} value=${values.words}
        onInput=${(/** @type {any} */ event) => write("words", event.currentTarget.value)} /></div>
    <div class="field-group"><label for="voice-instruction">What the assistant is told</label>
      <p class="field-hint" id="voice-hint">How it should write: tone, length, manner, what to leave out. It knows the same as ever.</p>
      <textarea id="voice-instruction" class="field field--prose voice-form__text" required rows="7" maxlength=${LONGEST.instruction} aria-describedby="voice-hint"
        value=${values.instruction} onInput=${(/** @type {any} */ event) => write("instruction", event.currentTarget.value)}></textarea>
      ${left < 300 && html`<p class="quiet" role="status">${left} characters left</p>`}</div>
    ${wrong && html`<p class="note note--trouble" role="alert">${wrong}</p>`}
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${discard}>Cancel</button>
      <button type="submit" class="button button--accent" disabled=${saving || !values.name.trim() || !values.instruction.trim()}>Save</button></div>
  </form>`;
}

/** @param {Voice | null} voice */
function fieldsOf(voice) {
  return { name: voice?.name ?? "", words: voice?.words ?? "", instruction: voice?.instruction ?? "" };
}
