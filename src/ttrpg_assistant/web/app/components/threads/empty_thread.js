import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { purposeOf } from "../../models/purposes.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { start as words } from "../../words/en/start.js";
import { writeInto } from "../write_into.js";

/** The first page of a thread: what it is for, and how it could begin. @param {{ thread: import("../../types.js").Conversation }} props */
export function EmptyThread({ thread }) {
  const { api } = useApp();
  const purpose = purposeOf(thread.purpose);
  const [questions, setQuestions] = useState(/** @type {string[] | null} */ (null));
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    const answer = await attempt(() => api.post(`/api/threads/${thread.id}/questions`, {}, { patience: 60_000 }));
    if (answer) setQuestions(answer.questions.map((/** @type {any} */ each) => each.question));
    setAsking(false);
  };
  const lines = questions ?? purpose.tries;
  return html`<div class="empty">
    <h3 class="empty__title">${purpose.name}</h3>
    <p>${purpose.words}</p>
    <ul class="empty__tries">
      ${lines.map(
        (text) =>
          html`<li><button type="button" class="try" onClick=${(/** @type {Event} */ event) =>
            writeInto(event.currentTarget, questions ? `${text}\n` : text)}>${text}</button></li>`,
      )}
    </ul>
    ${!questions && html`<button type="button" class="link-button" disabled=${asking} onClick=${ask}>${asking ? words.thinkingOfSome : words.questionsFirst}</button>`}
  </div>`;
}
