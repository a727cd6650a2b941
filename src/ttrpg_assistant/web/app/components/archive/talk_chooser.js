import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { counts } from "../../words/en/counts.js";
import { transcripts } from "../../words/en/transcripts.js";

/** As many are listed at once; others are found by their titles. */
const LISTED = 100;

/**
 * Which of the conversations in a file are imported.
 * @param {{ conversations: import("../../state/files/transcript_look.js").FoundConversation[], chosen: Set<number>,
 *   onChoose: (chosen: Set<number>) => void }} props
 */
export function TalkChooser({ conversations, chosen, onChoose }) {
  const [sought, setSought] = useState("");
  const folded = sought.trim().toLowerCase();
  const found = conversations.filter(({ title }) => title.toLowerCase().includes(folded));
  const set = (/** @type {boolean} */ isChosen, /** @type {number[]} */ numbers) => {
    const next = new Set(chosen);
    for (const number of numbers) isChosen ? next.add(number) : next.delete(number);
    onChoose(next);
  };
  const all = found.map(({ number }) => number);
  return html`<fieldset class="import__speakers import__talks"><legend>${transcripts.conversations}</legend>
    <p class="quiet" role="status">${transcripts.chosen(chosen.size, conversations.length)}</p>
    <div class="button-row">
      ${conversations.length > 10 && html`<input class="field" type="search" aria-label=${transcripts.find} placeholder=${transcripts.find} value=${sought} onInput=${(/** @type {any} */ event) => setSought(event.currentTarget.value)} />`}
      <button type="button" class="button button--small" onClick=${() => set(true, all)}>${transcripts.chooseAll}</button>
      <button type="button" class="button button--small" onClick=${() => set(false, all)}>${transcripts.chooseNone}</button></div>
    <ul>${found.slice(0, LISTED).map(
      ({ number, title, messages, alternatives, first_at: first }) => html`<li key=${number}><label>
        <input type="checkbox" checked=${chosen.has(number)} onChange=${(/** @type {any} */ event) => set(event.currentTarget.checked, [number])} />
        <span class="import__speaker">${title || transcripts.untitled(number + 1)} <span class="quiet">${[first?.slice(0, 10), counts.messages(messages), alternatives > 0 && transcripts.alternatives(alternatives)].filter(Boolean).join(" · ")}</span></span></label></li>`,
    )}</ul>
    ${found.length > LISTED && html`<p class="quiet">${transcripts.moreConversations(found.length - LISTED)}</p>`}
  </fieldset>`;
}
