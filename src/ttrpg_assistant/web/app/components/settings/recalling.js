import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { copyText } from "../../clipboard.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { IconButton } from "../icon.js";

/** @typedef {{ is_on: boolean, is_installed: boolean, install: string, model: string, waiting: number }} State */

/** What becomes of old messages: who summarises them, and how they are found again. */
export function Recalling() {
  return html`<${Condensing} /><${Meaning} />`;
}

const MAKERS = [
  ["model", "The model that answers"],
  ["offline", "The built-in model"],
  ["off", "Nobody"],
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
  return html`<p>When a conversation is longer than the model can read at once, it gets summaries of the older messages. A model at a provider writes them in the background, which costs a little; the built-in model picks out lines.</p>
    ${fault && html`<p role="alert">${fault.detail}</p>`}
    <fieldset class="choice-row" disabled=${!value}><legend>Older messages are summarised by</legend>
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
  if (!value) return html`<p class="quiet">Looking…</p>`;
  const turn = (/** @type {boolean} */ on) =>
    attempt(async () => {
      setBusy(true);
      try {
        put(await api.put("/api/meaning", { is_on: on }));
      } finally {
        setBusy(false);
      }
    });
  const copy = async () => toast((await copyText(value.install)) ? "Copied." : "This browser did not allow copying.");
  return html`
    <p>Old messages that matter for a question are found by their words. By meaning, “Who does she write to?” also finds the letters to her dead brother.</p>
    <label class="check"><input type="checkbox" checked=${value.is_on} disabled=${busy || (!value.is_installed && !value.is_on)}
      onChange=${(/** @type {any} */ event) => turn(event.currentTarget.checked)} /> Also search old messages by meaning</label>
    ${
      value.is_installed
        ? html`<p class="quiet" role="status">${stateWords(value)} ${value.waiting > 0 && html`<button type="button" class="link-button" onClick=${pull}>Refresh</button>`}</p>`
        : html`<p class="quiet">It needs a small model that is not installed yet, about 200 MB. Nothing is downloaded automatically: run this command where the assistant runs, then start the assistant again.</p>
        <div class="command"><code class="mono">${value.install}</code><${IconButton} icon="copy" label="Copy the command" onClick=${copy} /></div>`
    }`;
}

/** @param {State} state */
function stateWords({ is_on: on, waiting, model }) {
  if (!on)
    return `It runs on this machine only (${model}, mainly English) and takes a few minutes to read what is there.`;
  if (waiting > 0) return `${waiting.toLocaleString()} messages are still to be read; talk comes first.`;
  return "Every message has been read.";
}
