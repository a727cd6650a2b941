import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";

/** @typedef {import("../../types.js").PersistenceReport & { database_path?: string | null }} Report */

const STATES = {
  available: { icon: "circle-check", words: "Everything is being saved." },
  degraded: { icon: "triangle-alert", words: "Saving has trouble." },
  unavailable: { icon: "circle-alert", words: "Nothing can be saved at the moment." },
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
    if (answer?.state === "available") setWords("A test message was saved.");
  };
  const state = report ? STATES[report.state] : null;
  return html`
    ${state && html`<p class=${`storage-state storage-state--${report?.state}`}><${Icon} name=${state.icon} />${report?.sentence || state.words}</p>`}
    ${report?.warning && html`<p class="note note--trouble">${report.warning}</p>`}
    <dl class="facts">
      ${report?.database_bytes != null && html`<div><dt>Size</dt><dd>${size(report.database_bytes)}</dd></div>`}
      ${report?.database_path && html`<div><dt>File</dt><dd class="mono">${report.database_path}</dd></div>`}
      <div><dt>On this device only</dt><dd>${waiting.value.length === 0 ? "Nothing is waiting." : `${waiting.value.length} waiting to be saved`}</dd></div>
    </dl>
    <div class="field-row"><button type="button" class="button" onClick=${probe}>Test saving</button><p class="quiet" role="status">${words}</p></div>`;
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
