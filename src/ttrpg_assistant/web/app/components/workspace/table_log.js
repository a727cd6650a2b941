import { useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { copyText } from "../../clipboard.js";
import { clock } from "../../models/play_days.js";
import { sentences } from "../../models/sentences.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { isRefused } from "../../models/outbox_rules.js";
import { useOnScreen } from "../../state/saving/refused.js";
import { listAll, useWritten } from "../../state/table/table_entries.js";
import { noteWritten, wasJustWritten } from "../../state/campaign/just_written.js";
import { Brought } from "../campaign/brought.js";
import { GmOnlySign } from "../campaign/gm_only.js";
import { Icon, IconButton } from "../icon.js";
import { table as t } from "../../words/en/table.js";
import { controls } from "../../words/en/controls.js";

/** What an event that the page writes down says happened. @type {Record<string, string>} */
const EVENTS = {
  enters: t.eventEnters,
  leaves: t.eventLeaves,
  arrives: t.eventArrives,
  moves_on: t.eventMovesOn,
  happened: t.eventHappened,
};

/**
 * Notes and events of a game session in the order of their time; the newest first where there is
 * little room.
 * @param {{ gameSession: any, newestFirst?: boolean }} props
 */
export function TableLog({ gameSession, newestFirst = false }) {
  const { api } = useApp();
  const { value } = useFetched(
    async (signal) => {
      const [notes, events] = await Promise.all(
        ["notes", "events"].map((what) => listAll(api, `/api/game-sessions/${gameSession.id}/${what}`, what, signal)),
      );
      const lines = [
        ...notes.map((each) => ({ ...each, note: true })),
        ...events.filter(({ kind }) => kind !== "roll").map((each) => ({ ...each, note: false })),
      ];
      return lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
    [gameSession.id],
    ofCampaign(gameSession.campaign_id),
  );
  useOnScreen(gameSession.id);
  const written = useWritten(gameSession, "note", value ?? []);
  const all = [...(value ?? []), ...written.map((each) => ({ ...each, id: each.entry.id }))];
  const lines = newestFirst ? all.reverse() : all;
  if (value && all.length === 0) return html`<p class="quiet">${t.notesEmptyBefore} <kbd>n</kbd> ${t.addsNote}</p>`;
  return html`<ol class="table-log" aria-label=${t.notesAndEvents}>
    ${lines.map((line) => (line.entry ? html`<${WrittenLine} key=${line.id} entry=${line.entry} waits=${line.waits} />` : html`<${LogLine} key=${line.id} line=${line} campaignId=${gameSession.campaign_id} />`))}
  </ol>`;
}

/**
 * A note that was written here: while it is only on this device it says so, and what is refused for
 * good can be copied or discarded.
 * @param {{ entry: import("../../types.js").OutboxEntry, waits: boolean }} props
 */
function WrittenLine({ entry, waits }) {
  const { outbox } = useApp();
  const { fault } = entry;
  const refused = isRefused(entry);
  const words = refused ? sentences(fault?.detail, fault?.cure) : controls.onDevice;
  return html`<li class=${`log-line log-line--waiting ${entry.noted?.gm_only ? "log-line--secret" : ""}`} data-sign=${refused ? "refused" : waits ? "on_device" : "saved"}>
    <time class="log-line__time mono" datetime=${entry.noted?.at}>${clock(new Date(entry.noted?.at ?? entry.created_at))}</time>
    <div class="log-line__text">${entry.content}${entry.noted?.gm_only && html` <${GmOnlySign} />`}
      ${waits && html`<p class="log-line__sign" role="status"><${Icon} name=${refused ? "circle-alert" : "clock"} /> ${words}</p>`}
      ${
        refused &&
        html`<div class="button-row">
        <button type="button" class="button button--small" onClick=${() => outbox?.retry(entry.id)}>${controls.retry}</button>
        <button type="button" class="button button--small" onClick=${() => copyOut(entry.content)}>${controls.copy}</button>
        <button type="button" class="button button--small button--danger" onClick=${() => outbox?.discard(entry.id)}>${controls.discard}</button></div>`
      }
    </div>
  </li>`;
}

/** @param {string} text */
async function copyOut(text) {
  toast((await copyText(text)) ? controls.copied : controls.notCopied);
}

/** @param {{ line: any, campaignId: string }} props */
function LogLine({ line, campaignId }) {
  const { api } = useApp();
  /** What is written, and what it was written over: another tab's note may take its place meanwhile. */
  const [editing, setEditing] = useState(
    /** @type {{ text: string, before: string, revision: number } | null} */ (null),
  );
  /** What another tab made of the note, to be seen before it is written over. */
  const [theirs, setTheirs] = useState(/** @type {string | null} */ (null));
  const room = line.note ? "session-notes" : "session-events";
  const drop = () =>
    attempt(async () => {
      await api.delete(`/api/${room}/${line.id}`);
      toast(line.note ? t.noteDeleted : t.eventDeleted, {
        label: controls.undo,
        run: () => api.post(`/api/${room}/${line.id}/restore`),
      });
    });
  /** A field that goes loses the focus, and what was left with Escape is not to be saved by that. */
  const left = useRef(false);
  const edit = () => {
    left.current = false;
    setEditing({ text: line.text, before: line.text, revision: line.revision });
  };
  const leave = () => {
    left.current = true;
    setEditing(null);
    setTheirs(null);
  };
  const save = () => {
    if (!editing || left.current) return;
    const text = editing.text.trim();
    if (text === "" || text === editing.before) return leave();
    attempt(() => send(text, editing.revision));
  };
  /** @type {(text: string, revision: number) => Promise<void>} */
  const send = async (text, revision) => {
    try {
      await api.patch(`/api/session-notes/${line.id}`, { revision, changes: { text } });
      noteWritten(`note:${line.id}`);
      leave();
    } catch (error) {
      const { code, facts } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (code !== "stale_revision") throw error;
      const now = /** @type {{ text: string }} */ (facts.theirs).text;
      if (now === editing?.before) return send(text, Number(facts.revision));
      setEditing((mine) => mine && { ...mine, before: now, revision: Number(facts.revision) });
      setTheirs(now);
    }
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    } else if (keyOf(event) === "Escape") {
      event.preventDefault();
      leave();
    }
  };
  return html`<li class=${`log-line ${line.gm_only ? "log-line--secret" : ""}`}>
    <time class="log-line__time mono" datetime=${line.at}>${clock(new Date(line.at))}</time>
    <div class="log-line__text">
      ${
        editing === null
          ? html`${!line.note && html`<span class="chip">${EVENTS[line.kind] ?? line.kind.replaceAll("_", " ")}</span> `}${line.text}${line.gm_only && html` <${GmOnlySign} />`}`
          : html`<textarea class="field field--prose" rows="1" aria-label=${t.note} autofocus value=${editing.text} onKeyDown=${key} onBlur=${() => theirs === null && save()}
            onInput=${(/** @type {any} */ event) => setEditing({ ...editing, text: event.currentTarget.value })}></textarea>
          ${
            theirs !== null &&
            html`<div class="log-line__clash" ref=${show}>
            <p role="alert"><${Icon} name="triangle-alert" /> ${t.changedElsewhere} <q>${theirs}</q></p>
            <div class="button-row"><button type="button" class="button button--small" onClick=${save}>${t.saveMineInstead}</button>
              <button type="button" class="button button--small" onClick=${leave}>${controls.keepTheirs}</button></div></div>`
          }`
      }
      ${line.note && editing === null && wasJustWritten(`note:${line.id}`) && html`<${Brought} campaignId=${campaignId} by=${`note:${line.id}`} />`}
    </div>
    <div class="log-line__tools">
      ${line.note && editing === null && html`<${IconButton} icon="pencil" label=${t.editNote} onClick=${edit} />`}
      <${IconButton} icon="trash-2" label=${line.note ? t.deleteNote : t.deleteEvent} onClick=${drop} />
    </div>
  </li>`;
}

/** What asks for a choice is seen whole, also in a low list. @param {Element | null} element */
function show(element) {
  element?.scrollIntoView({ block: "nearest" });
}
