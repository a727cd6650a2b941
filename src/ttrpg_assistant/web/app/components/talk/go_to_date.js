import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { NIGHT_ENDS, dayInSentence, playDayKey } from "../../models/play_days.js";
import { useApp } from "../../state/app.js";
import { toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { conversations } from "../../words/en/conversations.js";
import { controls } from "../../words/en/controls.js";

/**
 * Opens a conversation at the first message of an evening.
 * @param {{ talk: import("../../state/talk/talk.js").Talk, onClose: () => void }} props
 */
export function GoToDate({ talk, onClose }) {
  const { api } = useApp();
  const today = playDayKey(new Date());
  const [day, setDay] = useState(today);
  const [words, setWords] = useState("");
  const go = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const [from, to] = [momentOf(day, 0), momentOf(day, 1)];
    if (!from || !to) return setWords(conversations.notADate);
    try {
      const found = await api.get(`/api/conversations/${talk.id}/day?from=${from}&to=${to}`);
      if (found.message_id === null) return setWords(conversations.empty);
      onClose();
      await new Promise(requestAnimationFrame); // behind an open dialog nothing takes the focus
      await talk.jumpTo(found.message_id);
      if (!found.is_that_day) toast(conversations.nothingThatDay(dayInSentence(new Date(found.said_at))));
    } catch (error) {
      const { detail, cure } = /** @type {any} */ (error);
      if (!detail) throw error;
      setWords([detail, cure].filter(Boolean).join(" "));
    }
  };
  return html`<${Dialog} title=${conversations.goToDate} onClose=${onClose}>
    <form class="go-to-date" onSubmit=${go}>
      <label class="go-to-date__day">${conversations.date}
        <input type="date" class="field" required max=${today} autofocus value=${day} onInput=${(/** @type {any} */ event) => setDay(event.currentTarget.value)} /></label>
      ${words && html`<p class="note note--trouble" role="alert">${words}</p>`}
      <div class="button-row button-row--end">
        <button type="button" class="button" onClick=${onClose}>${controls.cancel}</button>
        <button type="submit" class="button button--accent">${conversations.go}</button>
      </div>
    </form>
  </${Dialog}>`;
}

/** When an evening begins here, as the server spells moments; empty for what is no date. @param {string} day @param {number} later days */
function momentOf(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  const begins = new Date(year, month - 1, date + later, NIGHT_ENDS);
  return Number.isNaN(begins.getTime()) || year < 1000 ? "" : begins.toISOString().slice(0, 19);
}
