import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { sizeWords } from "../../models/file_words.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { TestButton } from "../test_button.js";
import { settings } from "../../words/en/settings.js";

/** @typedef {import("../../types.js").BackupReport} BackupReport */

/** When the last good backup was made, what stopped the last attempt, and one more now. */
export function Backups() {
  const app = useApp();
  const [report, setReport] = useState(/** @type {BackupReport | null} */ (null));
  const load = () => attempt(async () => setReport(await app.api.get("/api/backups")));
  useEffect(() => {
    load();
    return app.attend({ onHint: (hint) => void (hint.event === "backups" && load()) });
  }, [app]);
  if (!report) return html`<p class="quiet">${settings.loading}</p>`;
  const { last, failure } = report;
  const make = async () => ({ ok: true, ...(await app.api.post("/api/backups")) });
  return html`<p>${report.kept ? settings.backupDaily(report.kept) : settings.backupOff}</p>
    ${failure && html`<p class="note note--trouble">${sentences(settings.backupFailed(moment(failure.at)), failure.detail, failure.cure)}</p>`}
    <dl class="facts">
      <div><dt>${settings.lastBackup}</dt>
        <dd>${last ? settings.backupFacts(moment(last.made_at), sizeWords(last.bytes), last.pictures) : settings.noBackup}</dd></div>
      ${last && html`<div><dt>${settings.file}</dt><dd class="mono">${last.name}</dd></div>`}
      <div><dt>${settings.backupFolder}</dt><dd class="mono">${report.folder}</dd></div>
    </dl>
    <${TestButton} label=${settings.backUpNow} busy=${settings.backingUp} kind="field-row" disabled=${report.is_making}
      run=${make} praise=${() => settings.backedUp} />
    <p class="quiet">${settings.backupRestore}</p>`;
}

/** @param {string} stored */
function moment(stored) {
  const found = new Date(stored);
  return settings.backupMoment(dayInSentence(found), clock(found));
}
