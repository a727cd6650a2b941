import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { copyText } from "../../clipboard.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { IconButton } from "../icon.js";
import { settings } from "../../words/en/settings.js";
import { controls } from "../../words/en/controls.js";

/** @typedef {{ is_on: boolean, is_installed: boolean, install: string, model: string, waiting: number }} State */

/** What becomes of old messages: who summarises them, and how they are found again. */
export function Recalling() {
  return html`<${Condensing} /><${Meaning} />`;
}

const MAKERS = [
  ["model", settings.byModel],
  ["offline", settings.byBuiltIn],
  ["off", settings.byNobody],
];

/** Who summarises older messages when they no longer fit into what the model reads. */
function Condensing() {
  const { api } = useApp();
  const { value, fault, put } = useFetched(
    (signal) => /** @type {Promise<{ made_by: string }>} */ (api.get("/api/summaries/made-by", { signal })),
    [],
  );
  const choose = (/** @type {string} */ maker) =>
    attempt(async () => put(await api.put("/api/summaries/made-by", { made_by: maker })));
  return html`<p>${settings.summariesWords}</p>
    ${fault && html`<p role="alert">${fault.detail}</p>`}
    <fieldset class="choice-row" disabled=${!value}><legend>${settings.summarisedBy}</legend>
      ${MAKERS.map(
        ([
          maker,
          words,
        ]) => html`<label class="choice" key=${maker}><input type="radio" name="condensed-by" value=${maker}
        checked=${value?.made_by === maker} onChange=${() => choose(maker)} /> ${words}</label>`,
      )}
    </fieldset>`;
}

/** Whether old messages are also found by their meaning: off, until somebody wants it. */
function Meaning() {
  const { api } = useApp();
  const [busy, setBusy] = useState(false);
  const { value, fault, put, pull } = useFetched(
    (signal) => /** @type {Promise<State>} */ (api.get("/api/meaning", { signal })),
    [],
  );
  if (fault) return html`<p role="alert">${fault.detail}</p>`;
  if (!value) return html`<p class="quiet">${settings.loading}</p>`;
  const turn = (/** @type {boolean} */ on) =>
    attempt(async () => {
      setBusy(true);
      try {
        put(await api.put("/api/meaning", { is_on: on }));
      } finally {
        setBusy(false);
      }
    });
  const copy = async () => toast((await copyText(value.install)) ? controls.copied : controls.notCopied);
  return html`
    <p>${settings.meaningWords}</p>
    <label class="check"><input type="checkbox" checked=${value.is_on} disabled=${busy || (!value.is_installed && !value.is_on)}
      onChange=${(/** @type {any} */ event) => turn(event.currentTarget.checked)} /> ${settings.byMeaning}</label>
    ${
      value.is_installed
        ? html`<p class="quiet" role="status">${stateWords(value)} ${value.waiting > 0 && html`<button type="button" class="link-button" onClick=${pull}>${settings.refresh}</button>`}</p>`
        : html`<p class="quiet">${settings.installWords}</p>
        <div class="command"><code class="mono">${value.install}</code><${IconButton} icon="copy" label=${settings.copyCommand} onClick=${copy} /></div>`
    }`;
}

/** @param {State} state */
function stateWords({ is_on: on, waiting, model }) {
  if (!on) return settings.meaningOff(model);
  if (waiting > 0) return settings.meaningWaiting(waiting.toLocaleString());
  return settings.meaningDone;
}
