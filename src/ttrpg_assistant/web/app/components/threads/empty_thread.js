import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { purposeOf } from "../../models/purposes.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { start as words } from "../../words/en/start.js";
import { writeInto } from "../talk/write_into.js";

/** What the built-in model answers well, by purpose. @type {Record<string, string[]>} */
const BUILT_IN_TRIES = {
  session_planning: words.triesPlanning,
  npc_generation: words.triesNpc,
  world_building: words.triesWorld,
  character_background: words.triesBackground,
  campaign_creation: words.triesCampaign,
};

/** The first page of a thread: what it is for, and how it could begin. @param {{ thread: import("../../types.js").Conversation }} props */
export function EmptyThread({ thread }) {
  const { api, models } = useApp();
  const purpose = purposeOf(thread.purpose);
  const [questions, setQuestions] = useState(/** @type {string[] | null} */ (null));
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    const answer = await attempt(() => api.post(`/api/threads/${thread.id}/questions`, {}, { patience: 60_000 }));
    if (answer) setQuestions(answer.questions.map((/** @type {any} */ each) => each.question));
    setAsking(false);
  };
  const tries = models.offline.value ? (BUILT_IN_TRIES[purpose.id] ?? words.triesAnything) : purpose.tries;
  const lines = questions ?? tries;
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
