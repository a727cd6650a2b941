import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { counted, sizeWords, titleOfFile } from "../../models/file_words.js";
import { findLastCampaign } from "../../state/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { cutText } from "../../models/characters.js";

/**
 * Who speaks in a transcript and how it begins; where it is to go.
 * @param {{ importing: import("../../state/importing.js").Importing,
 *   step: Extract<import("../../state/importing.js").Step, { is: "transcript" }> }} props
 */
export function TranscriptPreview({ importing, step }) {
  const { file, preview, isWhole } = step;
  const { api } = useApp();
  const { value, fault, pull } = useFetched(
    (signal) => api.get("/api/campaigns?limit=200", { signal }),
    [],
    ofCampaign(null),
  );
  const [title, setTitle] = useState(titleOfFile(file.name));
  const [chosen, setChosen] = useState(/** @type {string | null} */ (null));
  const [answers, setAnswers] = useState(
    () => new Set(preview.speakers.filter(({ role }) => role === "assistant").map(({ name }) => name)),
  );
  const campaigns = value?.campaigns ?? [];
  const last = findLastCampaign()?.id;
  const campaignId =
    chosen ?? campaigns.find((/** @type {any} */ each) => each.id === last)?.id ?? campaigns[0]?.id ?? "";
  const settle = (/** @type {string} */ name, /** @type {string} */ role) => {
    const next = new Set(answers);
    if (role === "assistant") next.add(name);
    else next.delete(name);
    setAnswers(next);
  };
  const begin = (/** @type {Event} */ event) => {
    event.preventDefault();
    importing.take(file, { format: preview.format, title, campaignId, answers: [...answers].filter(Boolean) });
  };
  const named = preview.speakers.filter(({ name }) => name !== "");
  return html`<form class="import__card" aria-label="A transcript" onSubmit=${begin}>
    <p class="book__over">A transcript${preview.format === "jsonl" ? ", in JSON Lines" : ""}</p>
    <h2 class="import__name">${file.name}</h2>
    <p class="quiet">${sizeWords(file.size)} · ${counted(preview.messages, "message")}${isWhole ? "" : " in its first megabyte"}, said by ${counted(preview.speakers.length + preview.more_speakers, "voice")}</p>
    ${
      named.length > 0 &&
      html`<fieldset class="import__speakers"><legend>Who speaks</legend>
      <ul>${named.map(
        ({
          name,
          messages,
        }) => html`<li key=${name}><label><span class="import__speaker">${name} <span class="quiet">${counted(messages, "message")}</span></span>
        <select class="field" aria-label=${`What ${name} says is`} value=${answers.has(name) ? "assistant" : "user"} onChange=${(/** @type {any} */ event) => settle(name, event.currentTarget.value)}>
          <option value="user">Player</option><option value="assistant">Assistant</option></select></label></li>`,
      )}</ul>
      ${preview.more_speakers > 0 && html`<p class="quiet">And ${preview.more_speakers.toLocaleString()} more, counted as players. Is this really one line a voice?</p>`}
    </fieldset>`
    }
    <details class="import__first" open><summary>How it begins</summary>
      <ol>${preview.first.map(({ speaker, content }, at) => html`<li key=${at}>${speaker && !content.startsWith(speaker) && html`<b>${speaker}</b> `}${content.length > 240 ? `${cutText(content, 240)}…` : content}${speaker === "" ? html` <span class="quiet">(no name)</span>` : ""}</li>`)}</ol></details>
    <label class="import__field">Title<input class="field" maxlength="200" required value=${title} onInput=${(/** @type {any} */ event) => setTitle(event.currentTarget.value)} /></label>
    ${fault && !value && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>Retry</button></p>`}
    ${
      value && campaigns.length === 0
        ? html`<p class="note">A transcript belongs to a campaign. <a href="/campaigns">Begin one</a>, then come back; the file stays chosen.</p>`
        : html`<label class="import__field">Campaign<select class="field" value=${campaignId} onChange=${(/** @type {any} */ event) => setChosen(event.currentTarget.value)}>
          ${campaigns.map((/** @type {any} */ each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select></label>`
    }
    <div class="button-row">
      <button type="submit" class="button button--accent" disabled=${!campaignId}><${Icon} name="upload" /> Import it</button>
      <button type="button" class="button" onClick=${() => importing.again()}>Another file</button>
    </div>
  </form>`;
}
