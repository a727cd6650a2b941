import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { copyText } from "../../clipboard.js";
import { usePulled } from "../../state/campaign_pull.js";
import { useDesk } from "../../state/desk.js";
import { attempt, toast } from "../../state/notices.js";
import { IconButton } from "../icon.js";

/** @typedef {{ is_on: boolean, is_installed: boolean, install: string, model: string, waiting: number }} State */

/** What comes of talk that is long past: who condenses it, and how it is found again. */
export function Recalling() {
  return html`<${Condensing} /><${Meaning} />`;
}

const MAKERS = [
  ["model", "The model that answers"],
  ["offline", "The built-in model"],
  ["off", "Nobody"],
];

/** Who tells what older talk came to, when it no longer fits into what the model reads. */
function Condensing() {
  const { api } = useDesk();
  const { value, fault, put } = usePulled((signal) => /** @type {Promise<{ made_by: string }>} */ (api.get("/api/summaries/made-by", { signal })), []);
  const choose = (/** @type {string} */ maker) => attempt(async () => put(await api.put("/api/summaries/made-by", { made_by: maker })));
  return html`<p>Talk that outgrows what the model reads at once is told to it in short. A model that answers elsewhere is asked for that in the background, which costs a little; the built-in one picks lines out of it.</p>
    ${fault && html`<p role="alert">${fault.detail}</p>`}
    <fieldset class="choice-row" disabled=${!value}><legend>Older talk is condensed by</legend>
      ${MAKERS.map(([maker, words]) => html`<label class="choice" key=${maker}><input type="radio" name="condensed-by" value=${maker}
        checked=${value?.made_by === maker} onChange=${() => choose(maker)} /> ${words}</label>`)}
    </fieldset>`;
}

/** Whether what was said long ago is also found by its meaning: off, until somebody wants it. */
function Meaning() {
  const { api } = useDesk();
  const [busy, setBusy] = useState(false);
  const { value, fault, put, pull } = usePulled((signal) => /** @type {Promise<State>} */ (api.get("/api/meaning", { signal })), []);
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
    <p>What was said long ago comes back to mind by its words. With this it does so by its meaning as well: “Whom does she write to?” finds the letters to her dead brother.</p>
    <label class="check"><input type="checkbox" checked=${value.is_on} disabled=${busy || (!value.is_installed && !value.is_on)}
      onChange=${(/** @type {any} */ event) => turn(event.currentTarget.checked)} /> Find by meaning as well</label>
    ${value.is_installed
      ? html`<p class="quiet" role="status">${stateWords(value)} ${value.waiting > 0 && html`<button type="button" class="link-button" onClick=${pull}>Look again</button>`}</p>`
      : html`<p class="quiet">It needs a small model that is not installed on this machine, about 200 MB. Nothing is fetched by itself: run this where the assistant runs, and start it again.</p>
        <div class="command"><code class="mono">${value.install}</code><${IconButton} icon="copy" label="Copy the command" onClick=${copy} /></div>`}`;
}

/** @param {State} state */
function stateWords({ is_on: on, waiting, model }) {
  if (!on) return `It runs on this machine only (${model}, English first) and takes a few minutes to read what is there.`;
  if (waiting > 0) return `${waiting.toLocaleString()} messages are still to be read, behind the talk.`;
  return "Everything that was said has been read.";
}
