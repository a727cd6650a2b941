import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { changesOf, clashesOf, draftOf } from "../../models/entity_edit.js";
import { change } from "../../state/campaign/campaign_actions.js";
import { KINDS, nameOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { removeDraft, findDraft, saveDraft } from "../../state/saving/form_drafts.js";
import { toast } from "../../state/notices.js";
import { Conflict } from "../campaign/conflict.js";
import { Dialog } from "../dialog.js";
import { RecapField } from "./recap_field.js";
import { table as t } from "../../words/en/table.js";
import { controls } from "../../words/en/controls.js";

/**
 * The recaps of a game session: one for the game master, one that players may hear. Both are drafted
 * and can be rewritten; neither is stored before it is saved.
 *
 * @typedef {import("./recap_field.js").FieldName} FieldName
 * @typedef {import("./recap_field.js").DraftState} DraftState
 */

const KIND = KINDS.game_session;
const FIELDS = KIND.fields.filter(({ name }) => name.startsWith("recap_"));
const NO_CHOICES = { things: [] };

/** A model at home may think for minutes, in milliseconds. */
const PATIENCE = 600_000;

/** @type {DraftState} */
const IDLE = { state: "idle", words: [] };

/** @param {string} id what was written for this game session and not saved */
export function recapDraft(id) {
  return findDraft(`recap.${id}`);
}

/**
 * @param {{ gameSession: any, fresh: boolean, onClose: () => void, onSaved?: (gameSession: any) => void }} props
 *   `fresh`: the game session has just ended, so what is empty is drafted at once
 */
export function RecapDialog({ gameSession, fresh, onClose, onSaved }) {
  const app = useApp();
  const restored = useMemo(() => recapDraft(gameSession.id), [gameSession.id]);
  /** What the edit is made from; a draft is sent from the revision it was written over. */
  const from = useRef({ read: gameSession, revision: restored?.revision ?? gameSession.revision });
  const [values, setValues] = useState(() => ({ ...textsOf(gameSession), ...restored?.values }));
  const [drafts, setDrafts] = useState(
    /** @type {Record<FieldName, DraftState>} */ ({ recap_gm: IDLE, recap_players: IDLE }),
  );
  const [saving, setSaving] = useState(false);
  const [wrong, setWrong] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));
  /** What is written now, for a draft that arrives later. */
  const now = useRef(values);
  const changes = changesOf(FIELDS, from.current.read, values);
  const dirty = Object.keys(changes).length > 0;

  const write = (/** @type {Record<string, string>} */ next) => {
    now.current = { ...now.current, ...next };
    setValues(now.current);
    setWrong("");
    const kept = draftOf(FIELDS, { ...from.current, written: now.current });
    if (kept) saveDraft(`recap.${gameSession.id}`, kept);
    else removeDraft(`recap.${gameSession.id}`);
  };
  const leave = () => {
    if (!dirty) removeDraft(`recap.${gameSession.id}`);
    onClose();
  };
  const setDraft = (/** @type {FieldName} */ name, /** @type {DraftState} */ next) =>
    setDrafts((all) => ({ ...all, [name]: next }));
  const draft = async (/** @type {FieldName} */ name) => {
    const before = now.current[name];
    setDraft(name, { state: "drafting", words: [] });
    try {
      const reader = name === "recap_gm" ? "gm" : "players";
      const made = await app.api.post(
        `/api/game-sessions/${gameSession.id}/recap-drafts`,
        { reader },
        { patience: PATIENCE },
      );
      // What was written meanwhile is not written over.
      const untouched = now.current[name] === before;
      if (made.text && untouched) write({ [name]: made.text });
      setDraft(name, {
        state: "drafted",
        words: wordsOf(made, name),
        ...(made.text && !untouched && { waiting: made.text }),
      });
    } catch (error) {
      const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      setDraft(name, {
        state: "failed",
        words: [t.draftFailed(detail), cure ?? t.recapWriteYourself],
      });
    }
  };
  useEffect(() => {
    if (!fresh) return;
    for (const name of /** @type {FieldName[]} */ (["recap_gm", "recap_players"]))
      if (!now.current[name].trim()) draft(name);
  }, []);

  /** @param {Record<string, any>} body @param {number} revision @returns {Promise<void>} */
  const send = async (body, revision) => {
    setSaving(true);
    try {
      const saved = await change(app, KIND, gameSession, body, revision);
      removeDraft(`recap.${gameSession.id}`);
      toast(t.recapSaved);
      onSaved?.(saved);
      onClose();
    } catch (error) {
      const fault = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!fault.detail) throw error;
      setSaving(false);
      if (fault.code !== "stale_revision") return setWrong([fault.detail, fault.cure].filter(Boolean).join(" "));
      const versions = /** @type {any} */ (fault.facts);
      const clashes = clashesOf(FIELDS, { mine: body, theirs: versions.theirs, base: versions.base });
      if (clashes.length === 0) return send(body, versions.revision);
      setClash({ clashes, mine: body, revision: versions.revision });
    }
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!dirty) return leave();
    send(changes, from.current.revision);
  };
  const decide = (/** @type {Record<string, any>} */ chosen, /** @type {Record<string, any>} */ theirs) => {
    const mine = { ...clash.mine, ...chosen };
    from.current = { read: { ...from.current.read, ...theirs }, revision: clash.revision };
    const left = changesOf(FIELDS, from.current.read, mine);
    write(mine);
    setClash(null);
    if (Object.keys(left).length > 0) return send(left, clash.revision);
    removeDraft(`recap.${gameSession.id}`);
    toast(controls.theirsKept);
    onClose();
  };

  const field = (
    /** @type {FieldName} */ name,
  ) => html`<${RecapField} name=${name} value=${values[name]} draft=${drafts[name]}
    onWrite=${(/** @type {string} */ text) => write({ [name]: text })} onDraft=${() => draft(name)}
    onTake=${() => (write({ [name]: drafts[name].waiting ?? "" }), setDraft(name, { ...drafts[name], waiting: undefined }))} />`;
  return html`<${Dialog} title=${t.recapOf(nameOf(KIND, gameSession))} kind="wide" onClose=${leave}>
    ${
      clash
        ? html`<${Conflict} clashes=${clash.clashes} onDecide=${decide} onBack=${() => setClash(null)} choices=${NO_CHOICES} />`
        : html`<form class="recap" onSubmit=${save}>
          <div class="recap__fields">${field("recap_gm")}${field("recap_players")}</div>
          ${wrong && html`<p class="note note--trouble" role="alert">${wrong}</p>`}
          <footer class="recap__foot">
            <p class="quiet">${dirty ? t.recapUnsaved : t.recapHasNoChanges}</p>
            <div class="button-row button-row--end">
              <button type="button" class="button" onClick=${leave}>${dirty ? t.keepDraft : controls.close}</button>
              <button type="submit" class="button button--accent" disabled=${saving || !dirty}>${saving ? controls.saving : t.recapSave}</button></div>
          </footer>
        </form>`
    }
  </${Dialog}>`;
}

/** @param {any} gameSession @returns {Record<string, string>} */
function textsOf({ recap_gm, recap_players }) {
  return { recap_gm, recap_players };
}

/** What a draft was made of, and what did not go in. @param {any} made @param {FieldName} name @returns {string[]} */
function wordsOf(made, name) {
  if (!made.text) {
    return [name === "recap_gm" ? t.draftNothingForGm : t.draftNothingForPlayers];
  }
  const from = t.drafted(made.model === "offline", made.lines_read, made.messages_read);
  return made.left_out.length > 0 ? [from, t.draftTooLong] : [from];
}
