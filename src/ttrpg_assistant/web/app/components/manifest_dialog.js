import { html } from "../html.js";
import { KINDS } from "../state/campaign_kinds.js";
import { askedManifest } from "../state/asked_manifest.js";
import { useFetched } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

/** Why something was shown to the model. @type {Record<string, string>} */
const WHY = {
  subject: "what the conversation is about",
  mentioned: "named in the conversation",
  present: "in the scene",
  recent: "used recently",
  summary: "part of the campaign",
  recalled: "said earlier and relevant here",
};

/** Parts of a prompt that are not things of the campaign. @type {Record<string, string>} */
const TITLES = { instructions: "Instructions", older_talk: "Summary of older messages" };

/** What the model had in front of it for one answer, in a game master's words. */
export default function ManifestDialog() {
  const { api } = useApp();
  const id = askedManifest.value;
  const { value, fault } = useFetched((signal) => api.get(`/api/replies/${id}/manifest`, { signal }), [id]);
  const close = () => (askedManifest.value = null);
  return html`<${Dialog} title="What did it see?" kind="sheet" onClose=${close}>
    ${fault && html`<p role="alert">${fault.code === "no_manifest" ? "Nothing was recorded for this answer: no model was asked for it." : fault.detail}</p>`}
    ${value && html`<${Seen} manifest=${value} />`}
  </${Dialog}>`;
}

/** @param {{ manifest: any }} props */
function Seen({ manifest }) {
  const { history, sections, cut } = manifest;
  const share = Math.max(1, Math.round((100 * manifest.total_tokens) / manifest.context_tokens));
  const said = history.kept + 1;
  return html`<div class="manifest">
    <p>The model was shown about <strong class="mono">${manifest.total_tokens.toLocaleString()}</strong> tokens, ${share} % of its context. It sees nothing else.</p>
    ${cut.length > 0 && html`<ul class="note note--trouble value-lines">${cut.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`}
    <section>
      <h3>The conversation</h3>
      <p>${said === 1 ? "Your message" : `Your message and the ${history.kept} before it`}${history.dropped > 0 ? `; ${history.dropped} earlier ones did not fit` : ""}. <span class="quiet">About ${(history.tokens + manifest.new_message_tokens).toLocaleString()} tokens.</span></p>
    </section>
    ${sections.map((/** @type {any} */ part) => html`<${Part} key=${part.name} part=${part} />`)}
  </div>`;
}

/** @param {{ part: any }} props */
function Part({ part }) {
  const things = part.entities.filter((/** @type {any} */ each) => each.kind !== "campaign");
  return html`<section>
    <h3>${TITLES[part.name] ?? part.title.replace(/:$/, "")} <span class="quiet">about ${part.tokens.toLocaleString()} tokens</span></h3>
    ${
      things.length > 0 &&
      html`<ul class="manifest__things">${things.map(
        (/** @type {any} */ each) => html`<li>
      <${Icon} name=${KINDS[/** @type {"npc"} */ (each.kind)]?.icon ?? "notebook-pen"} /> ${each.name} <span class="quiet">${each.kind === "summary" ? "in short" : WHY[each.why]}</span></li>`,
      )}</ul>`
    }
    ${
      part.left_out_count > 0 &&
      html`<details class="more"><summary>${part.left_out_count} more did not fit</summary>
      <p class="quiet">${part.left_out.map((/** @type {any} */ each) => each.name).join(", ")}${part.left_out_count > part.left_out.length ? ", …" : ""}</p></details>`
    }
  </section>`;
}
