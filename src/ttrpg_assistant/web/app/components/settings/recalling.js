import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { copyText } from "../../clipboard.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { IconButton } from "../icon.js";
import { settings } from "../../words/en/settings.js";
import { controls } from "../../words/en/controls.js";

/**
 * @typedef {{ phase: string, bytes: number, total_bytes: number }} Progress
 * @typedef {{ is_on: boolean, is_installed: boolean, install: string, model: string, waiting: number,
 *   installing: Progress | null, fault: { code: string, detail: string, cure: string | null } | null }} State
 */

const LOOK_MS = 1_000;

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
  const moves = value != null && (value.installing != null || value.waiting > 0);
  useEffect(() => {
    if (!moves) return undefined;
    const looking = setInterval(pull, LOOK_MS);
    return () => clearInterval(looking);
  }, [moves]);
  if (fault && !value) return html`<p role="alert">${fault.detail}</p>`;
  if (!value) return html`<p class="quiet">${settings.loading}</p>`;
  const change = (/** @type {() => Promise<unknown>} */ call) =>
    attempt(async () => {
      setBusy(true);
      try {
        put(/** @type {State} */ (await call()));
      } finally {
        setBusy(false);
      }
    });
  const turn = (/** @type {boolean} */ on) => change(() => api.put("/api/meaning", { is_on: on }));
  const install = () => change(() => api.post("/api/meaning/install"));
  const stop = () => change(() => api.delete("/api/meaning/install"));
  return html`
    <p>${settings.meaningWords}</p>
    ${
      (value.is_installed || value.is_on) &&
      html`<label class="check"><input type="checkbox" checked=${value.is_on} disabled=${busy}
      onChange=${(/** @type {any} */ event) => turn(event.currentTarget.checked)} /> ${settings.byMeaning}</label>`
    }
    ${value.is_installed && html`<p class="quiet" role="status">${stateWords(value)}</p>`}
    ${!value.is_installed && html`<${Installation} state=${value} busy=${busy} onInstall=${install} onStop=${stop} />`}`;
}

/** What is missing, and one button that installs it or stops that. Where a try failed, the command
 * to type as well.
 * @param {{ state: State, busy: boolean, onInstall: () => void, onStop: () => void }} props */
function Installation({ state: { installing, fault, install: command }, busy, onInstall, onStop }) {
  const copy = async () => toast((await copyText(command)) ? controls.copied : controls.notCopied);
  return html`<p class="quiet">${settings.installWords}</p>
    ${fault && html`<p role="alert">${fault.detail} ${fault.cure}</p>`}
    ${installing && html`<${Progress} ...${installing} />`}
    <div class="button-row"><button type="button" class="button" aria-disabled=${busy}
      onClick=${busy ? undefined : installing ? onStop : onInstall}>${installing ? settings.stopInstall : settings.install}</button></div>
    ${
      fault &&
      html`<p class="quiet">${settings.installByHand}</p>
      <div class="command"><code class="mono">${command}</code><${IconButton} icon="copy" label=${settings.copyCommand} onClick=${copy} /></div>`
    }`;
}

/** How far an installation is. @param {Progress} props */
function Progress({ phase, bytes, total_bytes: total }) {
  const megabytes = (/** @type {number} */ n) => Math.round(n / 1_000_000);
  const downloads = phase === "downloading";
  const share = downloads && total > 0 ? Math.min(bytes / total, 1) : undefined;
  return html`<p class="quiet">${downloads ? settings.downloading(megabytes(bytes), megabytes(total)) : settings.installingNow}</p>
    <progress class="progress" aria-label=${settings.installProgress} max="1" value=${share}></progress>`;
}

/** @param {State} state */
function stateWords({ is_on: on, waiting, model }) {
  if (!on) return settings.meaningOff(model);
  if (waiting > 0) return settings.meaningWaiting(waiting.toLocaleString());
  return settings.meaningDone;
}
