import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { sizeWords, titleOfFile } from "../../models/file_words.js";
import { findLastCampaign } from "../../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { TalkChooser } from "./talk_chooser.js";
import { FirstLines, Remarks, Speakers, WhatItIs } from "./transcript_parts.js";
import { archives } from "../../words/en/archives.js";
import { controls } from "../../words/en/controls.js";
import { transcripts } from "../../words/en/transcripts.js";

/**
 * What a transcript is, who speaks in it and how it begins; where it is to go.
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
  const listed = preview.conversations;
  const several = listed.length > 1;
  const [wanted, setWanted] = useState(() => new Set(listed.map(({ number }) => number)));
  const [title, setTitle] = useState((!several && listed[0]?.title) || titleOfFile(file.name));
  const [campaign, setCampaign] = useState(/** @type {string | null} */ (null));
  const [roles, setRoles] = useState(() => new Map(preview.speakers.map(({ name, role }) => [name, role])));
  const [began, setBegan] = useState("");
  const campaigns = value?.campaigns ?? [];
  const last = findLastCampaign()?.id;
  const campaignId =
    campaign ?? campaigns.find((/** @type {any} */ each) => each.id === last)?.id ?? campaigns[0]?.id ?? "";
  const namesOf = (/** @type {string} */ role) =>
    [...roles].filter(([name, each]) => name && each === role).map(([name]) => name);
  const begin = (/** @type {Event} */ event) => {
    event.preventDefault();
    importing.take(file, {
      format: preview.format,
      title: several && wanted.size === 1 ? listed.find(({ number }) => wanted.has(number))?.title || title : title,
      campaignId,
      answers: namesOf("assistant"),
      hidden: namesOf("system"),
      conversations: several && wanted.size < listed.length ? [...wanted] : null,
      began: began && new Date(began).toISOString(),
    });
  };
  const choose = (/** @type {string} */ name, /** @type {string} */ role) =>
    setRoles(new Map([...roles, [name, role]]));
  return html`<form class="import__card" aria-label=${archives.transcript} onSubmit=${begin}>
    <p class="book__over">${archives.transcript}</p>
    <h2 class="import__name">${file.name}</h2>
    <p class="quiet">${sizeWords(file.size)}</p>
    <${WhatItIs} importing=${importing} preview=${preview} isWhole=${isWhole} />
    <${Remarks} remarks=${preview.remarks} />
    ${several && html`<${TalkChooser} conversations=${listed} chosen=${wanted} onChoose=${setWanted} />`}
    <${Speakers} preview=${preview} roles=${roles} onChange=${choose} />
    <${FirstLines} preview=${preview} />
    ${
      preview.needs_start &&
      html`<label class="import__field">${transcripts.began}<input class="field" type="datetime-local" value=${began} onInput=${(/** @type {any} */ event) => setBegan(event.currentTarget.value)} />
      <span class="quiet">${transcripts.beganWords}</span></label>`
    }
    ${
      several
        ? html`<p class="quiet">${transcripts.ownTitles}</p>`
        : html`<label class="import__field">${controls.title}<input class="field" maxlength="200" required value=${title} onInput=${(/** @type {any} */ event) => setTitle(event.currentTarget.value)} /></label>`
    }
    ${fault && !value && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    ${
      value && campaigns.length === 0
        ? html`<p class="note">${archives.needsCampaign} <a href="/campaigns">${archives.makeCampaign}</a></p>`
        : html`<label class="import__field">${archives.campaign}<select class="field" value=${campaignId} onChange=${(/** @type {any} */ event) => setCampaign(event.currentTarget.value)}>
          ${campaigns.map((/** @type {any} */ each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select></label>`
    }
    <div class="button-row">
      <button type="submit" class="button button--accent" disabled=${!campaignId || (several && wanted.size === 0)}><${Icon} name="upload" /> ${archives.import}</button>
      <button type="button" class="button" onClick=${() => importing.again()}>${archives.otherFile}</button>
    </div>
  </form>`;
}
