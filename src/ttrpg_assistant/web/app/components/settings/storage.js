import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { sizeWords } from "../../models/file_words.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { settings } from "../../words/en/settings.js";

/** @typedef {import("../../types.js").PersistenceReport & { database_path?: string | null }} Report */

const STATES = {
  available: { icon: "circle-check", words: settings.available },
  degraded: { icon: "triangle-alert", words: settings.degraded },
  unavailable: { icon: "circle-alert", words: settings.unavailable },
};

/** Whether talk is being saved, where, and how much there is. */
export function Storage() {
  const { api, persistence, waiting } = useApp();
  const [report, setReport] = useState(/** @type {Report | null} */ (null));
  const [words, setWords] = useState("");
  const ask = async (/** @type {Promise<any>} */ request) => {
    try {
      const answer = await request;
      setReport(answer);
      persistence.heard(answer);
      return answer;
    } catch (error) {
      setWords(/** @type {any} */ (error).detail ?? String(error));
    }
  };
  useEffect(() => {
    ask(api.get("/api/persistence"));
  }, [api]);
  const probe = async () => {
    setWords("");
    const answer = await ask(api.post("/api/persistence/probe"));
    if (answer?.state === "available") setWords(settings.probeSaved);
  };
  const state = report ? STATES[report.state] : null;
  return html`
    ${state && html`<p class=${`storage-state storage-state--${report?.state}`}><${Icon} name=${state.icon} />${report?.sentence || state.words}</p>`}
    ${report?.warning && html`<p class="note note--trouble">${report.warning}</p>`}
    <dl class="facts">
      ${report?.database_bytes != null && html`<div><dt>${settings.size}</dt><dd>${sizeWords(report.database_bytes)}</dd></div>`}
      ${report?.database_path && html`<div><dt>${settings.file}</dt><dd class="mono">${report.database_path}</dd></div>`}
      <div><dt>${settings.onDevice}</dt><dd>${waiting.value.length === 0 ? settings.nothingWaiting : settings.waiting(waiting.value.length)}</dd></div>
    </dl>
    <div class="field-row"><button type="button" class="button" onClick=${probe}>${settings.probe}</button><p class="quiet" role="status">${words}</p></div>`;
}
