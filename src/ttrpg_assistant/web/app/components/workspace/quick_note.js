import { useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { newId } from "../../identity.js";
import { sentences } from "../../models/sentences.js";
import { recall, remember } from "../../state/campaign/campaign_last.js";
import { noteWritten } from "../../state/campaign/just_written.js";
import { useApp } from "../../state/app.js";
import { toast } from "../../state/notices.js";
import { keepAtTable } from "../../state/table/table_entries.js";
import { Icon } from "../icon.js";
import { table as t } from "../../words/en/table.js";

/**
 * A note in one line: Enter saves it with the time at which it was started, on this device until the
 * server has it.
 * @param {{ gameSession: any, id?: string }} props
 */
export function QuickNote({ gameSession, id = "quick-note" }) {
  const app = useApp();
  const draft = `note-draft.${gameSession.id}`;
  const [text, setText] = useState(() => recall(draft, ""));
  const [gmOnly, setGmOnly] = useState(() => recall("note-gm-only", true));
  const [saving, setSaving] = useState(false);
  const begun = useRef(/** @type {{ id: string, at: string } | null} */ (null));
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));

  const type = (/** @type {any} */ event) => {
    begun.current ??= { id: newId(), at: new Date().toISOString() };
    setText(event.currentTarget.value);
    remember(draft, event.currentTarget.value);
  };
  const save = async () => {
    const said = text.trim();
    if (said === "" || saving) return;
    setSaving(true);
    const { id: noteId, at } = begun.current ?? { id: newId(), at: new Date().toISOString() };
    begun.current = { id: noteId, at };
    const refusal = await keepAtTable(app, gameSession, { kind: "note", text: said, gmOnly, id: noteId, at });
    setSaving(false);
    if (refusal) return toast(sentences(refusal.detail, refusal.cure));
    noteWritten(`note:${noteId}`);
    begun.current = null;
    setText((/** @type {string} */ now) => (now.trim() === said ? "" : now));
    remember(draft, "");
    area.current?.focus();
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    } else if (keyOf(event) === "Escape") area.current?.blur();
  };
  const toggle = () => {
    setGmOnly(!gmOnly);
    remember("note-gm-only", !gmOnly);
  };
  return html`<form class=${`quick-note ${gmOnly ? "quick-note--secret" : ""}`} onSubmit=${(
    /** @type {Event} */ event,
  ) => {
    event.preventDefault();
    save();
  }}>
    <textarea ref=${area} id=${id} class="quick-note__text" rows="1" aria-label=${t.quickNote} aria-keyshortcuts="n" placeholder=${t.quickNoteHint} value=${text}
      onInput=${type} onKeyDown=${key}></textarea>
    <button type="button" class="quick-note__who" role="switch" aria-checked=${gmOnly ? "true" : "false"} aria-label=${t.gmOnly} title=${gmOnly ? t.visibleToGm : t.visibleToEveryone} onClick=${toggle}>
      <${Icon} name=${gmOnly ? "eye-off" : "users"} /><span>${gmOnly ? t.gmOnly : t.everyone}</span></button>
  </form>`;
}
