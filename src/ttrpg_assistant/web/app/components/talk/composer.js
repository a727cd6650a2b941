import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useOwnId } from "../use_own_id.js";
import { html } from "../../html.js";
import { editOf } from "../../drafts.js";
import { keyOf } from "../../keys.js";
import {
  asItStands,
  endEdit,
  keepEdit,
  leaveEdit,
  resumeEdit,
} from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { Icon, IconButton } from "../icon.js";
import { attempt } from "../../state/notices.js";
import { TurnEstimate } from "./turn_estimate.js";
import { messages } from "../../words/en/messages.js";

/** What was sent in the pause between two modes is sent again after so many milliseconds. */
const AGAIN = 1000;

/**
 * Where one writes. The text leaves only when it is safe: a refused or unsaved text stays.
 *
 * @typedef {import("../../state/talk/talk.js").Talk} Talk
 * @typedef {import("../../types.js").FaultWords} FaultWords
 *
 * @param {{ talk: Talk, mode?: import("../../types.js").Mode, hold?: string, onEditLast: () => boolean,
 *   aside?: import("../../types.js").Aside | null, onSent?: () => void, placeholder?: string, children?: any }} props
 *   `hold` says why nothing can be sent just now, `children` stands in the line below
 */
export function Composer({ talk, mode = null, hold = "", onEditLast, aside = null, onSent, placeholder, children }) {
  const app = useApp();
  const { drafts, persistence } = app;
  const whyId = useOwnId();
  const editing = talk.editing.value;
  // Another wording is said as the first one was, whatever is chosen for what comes next.
  const voice = editing?.mode ?? mode;
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [text, setText] = useState(() => editing?.text ?? (talk.id === null ? "" : drafts.take(talk.id).text));
  const [sending, setSending] = useState(false);
  const onItsWay = useRef(false);
  const next = useRef(false);
  const wished = useRef(false);
  const latest = useRef(/** @type {((text: string) => unknown) | null} */ (null));
  const [refusal, setRefusal] = useState(/** @type {FaultWords | null} */ (null));
  const phase = talk.phase.value;
  const { id } = talk;
  const ready = phase === "ready";
  const entries = talk.entries.value;

  useLayoutEffect(() => {
    if (!ready || id === null) return;
    resumeEdit(app, talk);
    // Who was led to a message reads it first, and who writes somewhere else goes on there.
    const isLed = talk.jump.target.peek() !== null || document.activeElement?.matches("input, textarea, select");
    if (matchMedia("(pointer: fine)").matches && !isLed) area.current?.focus({ preventScroll: true });
  }, [id, ready]);

  useLayoutEffect(() => {
    if (id === null) return;
    setText(editing ? editing.text : drafts.take(id).text);
    if (editing) area.current?.focus();
  }, [id, ready, editing]);

  useEffect(() => {
    // Found to have been sent after all, by a tab that was closed in between: it has done its work.
    if (id === null || sending) return;
    const name = editing ? editOf(id) : id;
    const draft = drafts.get(name);
    if (draft.sending === null || !entries.some((entry) => entry.id === draft.sending)) return;
    drafts.finish(name, draft.sending);
    if (editing) endEdit(app, talk);
    else setText((now) => (now === draft.text ? "" : now));
  }, [id, entries, sending]);

  useLayoutEffect(() => grow(area.current), [text]);

  /** @param {string} next */
  const write = (next) => {
    wished.current = false;
    setText(next);
    setRefusal(null);
    if (editing) keepEdit(app, talk, Object.assign(editing, { text: next }));
    else if (id !== null) drafts.keep(id, { text: next, sending: null });
  };

  const leave = () => {
    if (onItsWay.current) return;
    setRefusal(null);
    leaveEdit(app, talk);
    area.current?.focus();
  };

  const send = async (text = area.current?.value ?? "", edited = editing) => {
    wished.current = hold !== "" && text.trim() !== "";
    if (!ready || hold || text.trim() === "") return;
    if (onItsWay.current) {
      // Enter again while the last message is still being kept: this one follows it.
      next.current = true;
      return;
    }
    onItsWay.current = true;
    next.current = false;
    setSending(true);
    const edits = edited && asItStands(talk, edited);
    const letter = { edits, mode: edits?.mode ?? mode, aside: edits ? sameEars(edits, aside) : aside };
    const refused = await talk.send(text, { ...letter, untilHeard: letter.mode === "as" });
    setSending(false);
    onItsWay.current = false;
    if (refused) {
      setRefusal(refused);
      // By the server's clock the pause between two modes is not over yet: Enter holds all the same.
      const again = () => area.current?.value === text && latest.current?.(text);
      if (refused.code === "mode_cooldown") setTimeout(again, AGAIN);
      return;
    }
    // What was typed while the message was being kept stays, here and in any other tab.
    const now = area.current?.value ?? "";
    setRefusal(null);
    if (!edited && now === text) setText("");
    if (edited && talk.editing.peek() === edited) endEdit(app, talk, now === text ? "" : now);
    onSent?.();
    if (next.current && now !== text && !edited) send(now, null);
    area.current?.focus();
  };

  latest.current = send;

  useEffect(() => {
    // Enter was pressed while nothing could be sent yet: it holds, unless more was written since.
    if (wished.current && ready && hold === "") send();
  }, [ready, hold]);

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (keyOf(event) === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (keyOf(event) === "ArrowUp" && text === "" && onEditLast()) event.preventDefault();
    else if (keyOf(event) === "Escape" && editing) {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };

  const streaming = talk.streaming.value;
  const waits = editing !== null && entries.some((entry) => entry.id === editing.id && entry.pending);
  const why = refusal
    ? `${refusal.detail} ${refusal.cure ?? ""}`
    : hold || whyOff(phase, sending && !persistence.durable.value);
  return html`<form class=${`composer ${voice === "as" ? "composer--as" : ""} ${aside?.whisper_to ? "composer--whisper" : ""}`} onSubmit=${(
    /** @type {Event} */ event,
  ) => {
    event.preventDefault();
    send();
  }}>
    ${
      editing &&
      html`<p class="composer__editing"><${Icon} name="pencil" /> ${waits ? messages.editingUnsaved : messages.editing}
      <button type="button" class="link-button" onClick=${leave}>${messages.cancelEdit}</button></p>`
    }
    <div class="composer__box">
      <textarea ref=${area} class="composer__text" rows="1" aria-label=${messages.message} value=${text}
        placeholder=${placeholder ?? messages.placeholder} disabled=${!ready}
        aria-describedby=${whyId} enterkeyhint="send"
        onInput=${(/** @type {any} */ event) => write(event.currentTarget.value)} onKeyDown=${key}></textarea>
      ${
        streaming &&
        html`<${IconButton} icon="circle-stop" label=${messages.stop} class="composer__stop" onClick=${() => attempt(() => talk.stop())} />`
      }
      <button type="submit" class="composer__send" disabled=${!ready || sending || hold !== "" || text.trim() === ""}
        aria-label=${messages.send} title=${messages.send}><${Icon} name="send" /></button>
    </div>
    <div class="composer__below">
      <p id=${whyId} class=${refusal ? "composer__why composer__why--refused" : "composer__why"}
        role=${refusal ? "alert" : "status"}>${why}</p>
      ${!why && children}
      ${!why && html`<${TurnEstimate} talk=${talk} text=${text} />`}
    </div>
  </form>`;
}

/**
 * An edited whisper stays one, and what was said aloud is not whispered.
 * @param {import("../../types.js").Edit} edits @param {import("../../types.js").Aside | null} aside
 */
function sameEars({ audience }, aside) {
  if (audience) return { whisper_to: audience };
  return aside?.whisper_to ? null : aside;
}

/** @param {string} phase @param {boolean} acknowledging */
function whyOff(phase, acknowledging) {
  if (phase === "loading") return messages.loading;
  if (phase === "failed") return messages.loadFailedSending;
  return acknowledging ? messages.sending : "";
}

/** Fits the field to its text where the browser does not do so itself. @param {HTMLTextAreaElement | null} area */
function grow(area) {
  if (!area || CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
