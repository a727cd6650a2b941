import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { sizeWords, titleOfFile } from "../../models/file_words.js";
import { findLastCampaign } from "../../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { cutText } from "../../models/characters.js";
import { archives } from "../../words/en/archives.js";
import { controls } from "../../words/en/controls.js";
import { counts } from "../../words/en/counts.js";

/**
 * Who speaks in a transcript and how it begins; where it is to go.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "transcript" }> }} props
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
  return html`<form class="import__card" aria-label=${archives.transcript} onSubmit=${begin}>
    <p class="book__over">${preview.format === "jsonl" ? archives.transcriptJsonLines : archives.transcript}</p>
    <h2 class="import__name">${file.name}</h2>
    <p class="quiet">${sizeWords(file.size)} · ${archives.holdsMessages(counts.messages(preview.messages), preview.speakers.length + preview.more_speakers, isWhole)}</p>
    ${
      named.length > 0 &&
      html`<fieldset class="import__speakers"><legend>${archives.speakers}</legend>
      <ul>${named.map(
        ({
          name,
          messages,
        }) => html`<li key=${name}><label><span class="import__speaker">${name} <span class="quiet">${counts.messages(messages)}</span></span>
        <select class="field" aria-label=${archives.roleOf(name)} value=${answers.has(name) ? "assistant" : "user"} onChange=${(/** @type {any} */ event) => settle(name, event.currentTarget.value)}>
          <option value="user">${archives.player}</option><option value="assistant">${controls.assistant}</option></select></label></li>`,
      )}</ul>
      ${preview.more_speakers > 0 && html`<p class="quiet">${archives.moreSpeakers(preview.more_speakers)}</p>`}
    </fieldset>`
    }
    <details class="import__first" open><summary>${archives.beginning}</summary>
      <ol>${preview.first.map(({ speaker, content }, at) => html`<li key=${at}>${speaker && !content.startsWith(speaker) && html`<b>${speaker}</b> `}${content.length > 240 ? `${cutText(content, 240)}…` : content}${speaker === "" ? html` <span class="quiet">${archives.noName}</span>` : ""}</li>`)}</ol></details>
    <label class="import__field">${controls.title}<input class="field" maxlength="200" required value=${title} onInput=${(/** @type {any} */ event) => setTitle(event.currentTarget.value)} /></label>
    ${fault && !value && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    ${
      value && campaigns.length === 0
        ? html`<p class="note">${archives.needsCampaign} <a href="/campaigns">${archives.makeCampaign}</a></p>`
        : html`<label class="import__field">${archives.campaign}<select class="field" value=${campaignId} onChange=${(/** @type {any} */ event) => setChosen(event.currentTarget.value)}>
          ${campaigns.map((/** @type {any} */ each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select></label>`
    }
    <div class="button-row">
      <button type="submit" class="button button--accent" disabled=${!campaignId}><${Icon} name="upload" /> ${archives.import}</button>
      <button type="button" class="button" onClick=${() => importing.again()}>${archives.otherFile}</button>
    </div>
  </form>`;
}
