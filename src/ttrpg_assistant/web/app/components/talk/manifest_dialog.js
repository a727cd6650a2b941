import { html } from "../../html.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { askedManifest } from "../../state/talk/asked_manifest.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { manifest } from "../../words/en/manifest.js";
import { memory } from "../../words/en/memory.js";

/** Why something was shown to the model. @type {Record<string, string>} */
const WHY = {
  subject: manifest.subject,
  mentioned: manifest.mentioned,
  present: manifest.present,
  recent: manifest.recent,
  summary: manifest.summary,
  recalled: manifest.recalled,
};

/** Parts of a prompt that are not things of the campaign. @type {Record<string, string>} */
const TITLES = { instructions: manifest.instructions, older_talk: memory.title };

/** What the model had in front of it for one answer, in a game master's words. */
export default function ManifestDialog() {
  const { api } = useApp();
  const id = askedManifest.value;
  const { value, fault } = useFetched((signal) => api.get(`/api/replies/${id}/manifest`, { signal }), [id]);
  const close = () => (askedManifest.value = null);
  return html`<${Dialog} title=${manifest.title} kind="sheet" onClose=${close}>
    ${fault && html`<p role="alert">${fault.code === "no_manifest" ? manifest.none : fault.detail}</p>`}
    ${value && html`<${Seen} seen=${value} />`}
  </${Dialog}>`;
}

/** @param {{ seen: any }} props */
function Seen({ seen }) {
  const { history, sections, cut } = seen;
  const share = Math.max(1, Math.round((100 * seen.total_tokens) / seen.context_tokens));
  return html`<div class="manifest">
    <p>${manifest.readBefore} <strong class="mono">${seen.total_tokens.toLocaleString()}</strong> ${manifest.readAfter(share)}</p>
    ${cut.length > 0 && html`<ul class="note note--trouble value-lines">${cut.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`}
    <section>
      <h3>${manifest.conversation}</h3>
      <p>${manifest.messagesRead(history.kept, history.dropped)} <span class="quiet">${manifest.aboutTokensSentence((history.tokens + seen.new_message_tokens).toLocaleString())}</span></p>
    </section>
    ${sections.map((/** @type {any} */ part) => html`<${Part} key=${part.name} part=${part} />`)}
  </div>`;
}

/** @param {{ part: any }} props */
function Part({ part }) {
  const things = part.entities.filter((/** @type {any} */ each) => each.kind !== "campaign");
  return html`<section>
    <h3>${TITLES[part.name] ?? part.title.replace(/:$/, "")} <span class="quiet">${manifest.aboutTokens(part.tokens.toLocaleString())}</span></h3>
    ${
      things.length > 0 &&
      html`<ul class="manifest__things">${things.map(
        (/** @type {any} */ each) => html`<li>
      <${Icon} name=${KINDS[each.kind]?.icon ?? "notebook-pen"} /> ${each.name} <span class="quiet">${each.kind === "summary" ? manifest.inShort : WHY[each.why]}</span></li>`,
      )}</ul>`
    }
    ${
      part.left_out_count > 0 &&
      html`<details class="more"><summary>${manifest.leftOut(part.left_out_count)}</summary>
      <p class="quiet">${part.left_out.map((/** @type {any} */ each) => each.name).join(", ")}${part.left_out_count > part.left_out.length ? ", …" : ""}</p></details>`
    }
  </section>`;
}
