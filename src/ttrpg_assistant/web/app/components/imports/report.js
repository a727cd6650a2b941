import { html } from "../../html.js";
import { imports as t } from "../../words/en/imports.js";

/**
 * What happens to every part of a file: used, kept, ignored.
 * @param {{ report: { used?: Note[], kept?: Note[], ignored?: Note[], warnings?: string[] }, isOpen?: boolean }} props
 * @typedef {import("../../state/files/choices.js").Note} Note
 */
export function Report({ report, isOpen = false }) {
  return html`<details class="import__parts" open=${isOpen}><summary>${t.parts}</summary>
    <${Notes} title=${t.used} notes=${report.used ?? []} />
    <${Notes} title=${t.kept} notes=${report.kept ?? []} />
    <${Notes} title=${t.ignored} notes=${report.ignored ?? []} />
  </details>`;
}

/** @param {{ title: string, notes: Note[] }} props */
function Notes({ title, notes }) {
  return html`<section><h3>${title}</h3>
    ${notes.length === 0 ? html`<p class="quiet">${t.none}</p>` : html`<ul>${notes.map((one, at) => html`<li key=${at}><b>${one.field}</b>: ${one.text}${one.count > 1 ? ` (${t.times(one.count)})` : ""}</li>`)}</ul>`}
  </section>`;
}

/** What should be read first. @param {{ warnings: string[] }} props */
export function Warnings({ warnings }) {
  return warnings.map((one, at) => html`<p class="note note--trouble" key=${at}>${one}</p>`);
}
