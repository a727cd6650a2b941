import { html } from "../../html.js";
import { madeWords } from "../../models/import_words.js";
import { attempt } from "../../state/notices.js";
import { Brought } from "../campaign/brought.js";
import { Icon } from "../icon.js";
import { Report, Warnings } from "./report.js";
import { imports as t } from "../../words/en/imports.js";
import { readingNotes } from "../../words/en/reading_notes.js";

/**
 * What an import did, with the way back.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "imported" }> }} props
 */
export function Imported({ importing, step }) {
  const { now, undone } = step;
  const report = now.report ?? {};
  const left = undone?.left ?? [];
  const [notes] = report.notes ?? [];
  const made = madeWords(report.counts ?? {});
  return html`<section class="import__card" aria-labelledby="imported-title">
    <h2 class="import__name" id="imported-title">${now.title}</h2>
    <div role="status">${
      undone
        ? html`<p class="note note--well"><${Icon} name="circle-check" /> ${t.undone(undone.removed, undone.put_back)}</p>`
        : now.state === "done"
          ? html`<p class="note note--well"><${Icon} name="circle-check" /> ${t.done(now.title)}</p>`
          : html`<p class="note">${t.state[/** @type {keyof typeof t.state} */ (now.state)]}</p>`
    }</div>
    ${made && html`<p>${made}.</p>`}
    ${now.state === "done" && notes && html`<p>${readingNotes.kept} <a href=${`/reviews/${notes}`}>${readingNotes.review}</a></p>`}
    ${left.length > 0 && html`<div class="note"><p>${t.left}</p><ul>${left.map((one) => html`<li key=${one.id}>${one.name}</li>`)}</ul></div>`}
    ${now.campaign_id && now.state === "done" && !undone && html`<${Brought} campaignId=${now.campaign_id} by=${`import:${now.id}`} />`}
    <${Warnings} warnings=${report.warnings ?? []} />
    ${(report.pictures_left_out ?? []).map((/** @type {any} */ one) => html`<p class="quiet" key=${one.name}>${one.name}: ${one.reason}</p>`)}
    ${report.used && html`<${Report} report=${report} />`}
    <div class="button-row">
      ${now.campaign_id && html`<a class="button button--accent" href=${`/campaigns/${now.campaign_id}`} onClick=${() => importing.again()}>${t.openCampaign}</a>`}
      ${now.state === "done" && html`<button type="button" class="button" onClick=${() => attempt(() => importing.undo(now))}><${Icon} name="undo-2" /> ${t.undo}</button>`}
      <button type="button" class="button" onClick=${() => importing.again()}>${t.another}</button>
    </div>
  </section>`;
}
