import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { changesOf, clashesOf, draftOf } from "../../models/entity_edit.js";
import { change } from "../../state/campaign_actions.js";
import { KINDS, nameOf } from "../../state/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { dropDraft, findDraft, keepDraft } from "../../state/form_drafts.js";
import { toast } from "../../state/notices.js";
import { Conflict } from "../campaign/conflict.js";
import { Dialog } from "../dialog.js";
import { RecapField } from "./recap_field.js";

/**
 * What is left of an evening: one recap for the game master, one that players may hear. Both are
 * drafted and can be written anew; neither is kept before it is said to be.
 *
 * @typedef {"recap_gm" | "recap_players"} FieldName
 * @typedef {{ state: "idle" | "drafting" | "drafted" | "failed", words: string[], waiting?: string }} Standing
 */

const KIND = KINDS.game_session;
const FIELDS = KIND.fields.filter(({ name }) => name.startsWith("recap_"));
const NO_CHOICES = { places: [], gameSessions: [], things: [] };

/** A model at home may think for minutes, in milliseconds. */
const PATIENCE = 600_000;

/** @type {Standing} */
const IDLE = { state: "idle", words: [] };

/** @param {string} id what was written for this evening and not kept */
export function recapDraft(id) {
  return findDraft(`recap.${id}`);
}

/**
 * @param {{ gameSession: any, fresh: boolean, onClose: () => void, onKept?: (gameSession: any) => void }} props
 *   `fresh`: the evening has just ended, so what is empty is drafted at once
 */
export function RecapDialog({ gameSession, fresh, onClose, onKept }) {
  const app = useApp();
  const restored = useMemo(() => recapDraft(gameSession.id), [gameSession.id]);
  /** What the edit is made from; what was kept is sent from the revision it was written over. */
  const from = useRef({ read: gameSession, revision: restored?.revision ?? gameSession.revision });
  const [values, setValues] = useState(() => ({ ...textsOf(gameSession), ...restored?.values }));
  const [standing, setStanding] = useState(
    /** @type {Record<FieldName, Standing>} */ ({ recap_gm: IDLE, recap_players: IDLE }),
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
    if (kept) keepDraft(`recap.${gameSession.id}`, kept);
    else dropDraft(`recap.${gameSession.id}`);
  };
  const leave = () => {
    if (!dirty) dropDraft(`recap.${gameSession.id}`);
    onClose();
  };
  const stand = (/** @type {FieldName} */ name, /** @type {Standing} */ next) =>
    setStanding((all) => ({ ...all, [name]: next }));
  const draft = async (/** @type {FieldName} */ name) => {
    const before = now.current[name];
    stand(name, { state: "drafting", words: [] });
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
      stand(name, {
        state: "drafted",
        words: wordsOf(made, name),
        ...(made.text && !untouched && { waiting: made.text }),
      });
    } catch (error) {
      const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      stand(name, {
        state: "failed",
        words: [`It could not be drafted: ${detail}`, cure ?? "You can write it by hand."],
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
      const kept = await change(app, KIND, gameSession, body, revision);
      dropDraft(`recap.${gameSession.id}`);
      toast("The recap is kept.");
      onKept?.(kept);
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
  const keep = (/** @type {Event} */ event) => {
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
    dropDraft(`recap.${gameSession.id}`);
    toast("Theirs is kept.");
    onClose();
  };

  const field = (
    /** @type {FieldName} */ name,
  ) => html`<${RecapField} name=${name} value=${values[name]} standing=${standing[name]}
    onWrite=${(/** @type {string} */ text) => write({ [name]: text })} onDraft=${() => draft(name)}
    onTake=${() => (write({ [name]: standing[name].waiting ?? "" }), stand(name, { ...standing[name], waiting: undefined }))} />`;
  return html`<${Dialog} title=${`Recap: ${nameOf(KIND, gameSession)}`} kind="wide" onClose=${leave}>
    ${
      clash
        ? html`<${Conflict} clashes=${clash.clashes} onDecide=${decide} onBack=${() => setClash(null)} choices=${NO_CHOICES} />`
        : html`<form class="recap" onSubmit=${keep}>
          <div class="recap__fields">${field("recap_gm")}${field("recap_players")}</div>
          ${wrong && html`<p class="note note--trouble" role="alert">${wrong}</p>`}
          <footer class="recap__foot">
            <p class="quiet">${dirty ? "Nothing is kept before you say so. Until then it waits here." : "Kept as it is."}</p>
            <div class="button-row button-row--end">
              <button type="button" class="button" onClick=${leave}>${dirty ? "Later" : "Close"}</button>
              <button type="submit" class="button button--accent" disabled=${saving || !dirty}>${saving ? "Keeping…" : "Keep the recap"}</button></div>
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
    return [
      name === "recap_gm"
        ? "Nothing was noted or said in this evening."
        : "Nothing was noted that players may know. Write down what they saw, or let them see a note.",
    ];
  }
  const lines = made.lines_read === 1 ? "1 note or event" : `${made.lines_read} notes and events`;
  const talk =
    made.messages_read > 0 ? ` and ${made.messages_read === 1 ? "1 message" : `${made.messages_read} messages`}` : "";
  const from = `Drafted${made.model === "offline" ? " by the built-in model" : ""} from ${lines}${talk}.`;
  return made.left_out.length > 0 ? [from, "Not everything fitted into what the model can read."] : [from];
}
