import { html } from "../../html.js";
import { cutText } from "../../models/characters.js";
import { archives } from "../../words/en/archives.js";
import { counts } from "../../words/en/counts.js";
import { transcripts } from "../../words/en/transcripts.js";

/**
 * What a transcript is, who speaks in it, what of it does not come along.
 *
 * @typedef {import("../../state/files/importing.js").Importing} Importing
 * @typedef {import("../../state/files/transcript_look.js").Preview} Preview
 *
 * @param {{ importing: Importing, preview: Preview, isWhole: boolean }} props
 */
export function WhatItIs({ importing, preview, isWhole }) {
  const { label, messages, alternatives, hidden, conversations, more_conversations: more, format } = preview;
  const several = conversations.length + more;
  const parts = [
    several > 1 && counts.conversations(several),
    counts.messages(messages),
    alternatives > 0 && transcripts.alternatives(alternatives),
    hidden > 0 && transcripts.hidden(hidden),
  ];
  const words = parts.filter(Boolean).join(", ");
  const isNameless = format === "text" && preview.speakers.every(({ name }) => name === "");
  const other = format === "notes" ? "text" : format === "text" ? "notes" : null;
  return html`<p>${isWhole ? transcripts.is(label, words) : transcripts.isBeginning(label, words)}</p>
    ${alternatives > 0 && html`<p class="quiet">${transcripts.alternativesWords}</p>`}
    ${hidden > 0 && html`<p class="quiet">${transcripts.hiddenWords}</p>`}
    ${isNameless && html`<p class="note">${transcripts.noNames} <code>${archives.transcriptExample}</code></p>`}
    ${format === "notes" && html`<p class="note">${transcripts.notesWords}</p>`}
    ${other && html`<div class="button-row"><button type="button" class="button button--small" onClick=${() => importing.readAs(other)}>${other === "text" ? transcripts.readAsTalk : transcripts.readAsNotes}</button></div>`}`;
}

/**
 * @param {{ preview: Preview, roles: Map<string, string>, onChange: (name: string, role: string) => void }} props
 */
export function Speakers({ preview, roles, onChange }) {
  const named = preview.speakers.filter(({ name }) => name !== "");
  if (named.length === 0) return null;
  return html`<fieldset class="import__speakers"><legend>${archives.speakers}</legend>
    <ul>${named.map(
      ({
        name,
        messages,
      }) => html`<li key=${name}><label><span class="import__speaker">${name} <span class="quiet">${counts.messages(messages)}</span></span>
      <select class="field" aria-label=${archives.roleOf(name)} value=${roles.get(name)} onChange=${(/** @type {any} */ event) => onChange(name, event.currentTarget.value)}>
        <option value="user">${transcripts.role.user}</option><option value="assistant">${transcripts.role.assistant}</option><option value="system">${transcripts.role.system}</option></select></label></li>`,
    )}</ul>
    ${preview.more_speakers > 0 && html`<p class="quiet">${archives.moreSpeakers(preview.more_speakers)}</p>`}
  </fieldset>`;
}

/** @param {{ remarks: import("../../state/files/transcript_look.js").Remark[] }} props */
export function Remarks({ remarks }) {
  if (remarks.length === 0) return null;
  return html`<details class="import__first" open><summary>${transcripts.remarks}</summary>
    <ul>${remarks.map(({ text, count, lines }) => html`<li key=${text}>${text} <span class="quiet">${transcripts.lines(lines.join(", "), count, count > lines.length)}</span></li>`)}</ul></details>`;
}

/** @param {{ preview: Preview }} props */
export function FirstLines({ preview }) {
  return html`<details class="import__first" open><summary>${archives.beginning}</summary>
    <ol>${preview.first.map(({ speaker, role, content }, at) => html`<li key=${at}>${speaker && !content.startsWith(speaker) && html`<b>${speaker}</b> `}${content.length > 240 ? `${cutText(content, 240)}…` : content}${speaker === "" ? html` <span class="quiet">${archives.noName}</span>` : ""}${role === "system" ? html` <span class="quiet">${transcripts.note}</span>` : ""}</li>`)}</ol></details>`;
}
