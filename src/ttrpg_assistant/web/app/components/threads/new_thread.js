import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { clock, playDayWords } from "../../models/play_days.js";
import { PURPOSES, threadTitle } from "../../models/purposes.js";
import { makeThread, setArchived } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { AS_USUAL, useVoices } from "../../state/talk/voices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { VoicesDialog } from "../voices/voices_dialog.js";
import { attempt } from "../../state/notices.js";
import { threads as t } from "../../words/en/threads.js";
import { counts } from "../../words/en/counts.js";

/** What the new thread is to be for. @param {{ campaignId: string, onClose: () => void }} props */
export function NewThread({ campaignId, onClose }) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [voice, setVoice] = useState("");
  const [choosing, setChoosing] = useState(false);
  const begin = async (/** @type {string} */ purpose) => {
    setBusy(true);
    const made = await attempt(() =>
      makeThread(app, { purpose, campaign_id: campaignId, ...(voice && { personality: voice }) }),
    );
    setBusy(false);
    if (made) onClose();
  };
  if (choosing) {
    const choose = (/** @type {string} */ id) => {
      setVoice(id);
      setChoosing(false);
    };
    return html`<${VoicesDialog} key="voices" chosen=${voice || null} onChoose=${choose} onClose=${() => setChoosing(false)} />`;
  }
  return html`<${Dialog} key="purposes" title=${t.whatFor} onClose=${onClose}>
    <${NewVoice} chosen=${voice} onChange=${() => setChoosing(true)} />
    <ul class="purpose-choices">
      ${PURPOSES.map(
        (
          purpose,
        ) => html`<li key=${purpose.id}><button type="button" class="purpose-choice" disabled=${busy} onClick=${() => begin(purpose.id)}>
          <${Icon} name=${purpose.icon} /><span class="purpose-choice__name">${purpose.name}</span>
          <span class="purpose-choice__words">${purpose.words}</span></button></li>`,
      )}
    </ul>
  </${Dialog}>`;
}

/** The voice of the assistant in it. @param {{ chosen: string, onChange: () => void }} props */
function NewVoice({ chosen, onChange }) {
  const { voices } = useVoices();
  const voice = voices?.find(({ id }) => id === chosen) ?? AS_USUAL;
  return html`<p class="new-voice"><${Icon} name="feather" /> <span>${t.voice} <strong>${voice.name}</strong>. <span class="quiet">${voice.words}</span></span>
    <button type="button" class="button button--small" onClick=${onChange}>${t.changeVoice}</button></p>`;
}

/** Archived threads, to be read or unarchived. @param {{ campaignId: string, onOpen: (id: string) => void, onClose: () => void }} props */
export function ArchivedThreads({ campaignId, onOpen, onClose }) {
  const app = useApp();
  const [threads, setThreads] = useState(/** @type {import("../../types.js").Conversation[] | null} */ (null));
  useEffect(() => {
    attempt(async () => {
      const page = await app.api.get(`/api/threads?campaign_id=${campaignId}&include_archived=true&limit=200`);
      setThreads(page.threads.filter((/** @type {any} */ thread) => thread.archived_at));
    });
  }, [campaignId]);
  const restore = (/** @type {string} */ id) =>
    attempt(async () => {
      await setArchived(app, id, false);
      onOpen(id);
    });
  return html`<${Dialog} title=${t.archivedThreads} kind="sheet" onClose=${onClose}>
    ${threads?.length === 0 && html`<p class="quiet">${t.archivedEmpty}</p>`}
    <ul class="past">
      ${threads?.map(
        (thread) => html`<li key=${thread.id} class="archived-thread">
        <button type="button" class="past__item" onClick=${() => onOpen(thread.id)}>
          <span class="past__title">${threadTitle(thread)}</span>
          <span class="past__facts">${factsOf(thread)}</span></button>
        <button type="button" class="button button--small" onClick=${() => restore(thread.id)}>${t.unarchive}</button>
      </li>`,
      )}
    </ul>
  </${Dialog}>`;
}

/** @param {import("../../types.js").Conversation} thread */
function factsOf(thread) {
  const moment = new Date(thread.last_message_at ?? thread.created_at);
  const count = counts.messages(thread.message_count);
  return `${count} · ${playDayWords(moment, new Date())}, ${clock(moment)}`;
}
