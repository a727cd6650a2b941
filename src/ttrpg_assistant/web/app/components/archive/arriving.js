import { html } from "../../html.js";
import { conversationLink } from "../../models/search_words.js";
import { holdingWords, sizeWords } from "../../models/file_words.js";
import { attempt } from "../../state/notices.js";
import { Brought } from "../campaign/brought.js";
import { Icon } from "../icon.js";
import { archives } from "../../words/en/archives.js";
import { controls } from "../../words/en/controls.js";
import { counts } from "../../words/en/counts.js";
import { reviews } from "../../words/en/reviews.js";
import { transcripts } from "../../words/en/transcripts.js";
import { Remarks } from "./transcript_parts.js";

/**
 * A file on its way in, and what became of it.
 *
 * @typedef {import("../../state/files/importing.js").Importing} Importing
 * @typedef {import("../../state/files/importing.js").Step} Step
 *
 * @param {{ importing: Importing, step: Extract<Step, { is: "looking" | "sending" | "storing" | "running" }> }} props
 */
export function Arriving({ importing, step }) {
  const { words, share } = wordsOf(step);
  const canStop = step.is === "sending" || step.is === "running";
  return html`<section class="import__card" aria-label=${archives.importing}>
    <p class="import__name">${step.is === "running" ? step.now.title : step.name}</p>
    <progress class="progress" aria-label=${archives.progress} max="1" value=${share ?? undefined}></progress>
    <p class="quiet" role="status">${words}</p>
    ${
      canStop &&
      html`<div class="button-row"><button type="button" class="button" onClick=${() => attempt(() => importing.cancel())}>${controls.cancel}</button>
      <p class="quiet">${step.is === "running" ? archives.mayLeave : archives.nothingStored}</p></div>`
    }
  </section>`;
}

/** @param {Extract<Step, { is: "looking" | "sending" | "storing" | "running" }>} step @returns {{ words: string, share: number | null }} */
function wordsOf(step) {
  if (step.is === "looking") return { words: archives.reading, share: null };
  if (step.is === "storing") return { words: archives.storing, share: null };
  if (step.is === "sending") {
    return {
      words: archives.sent(sizeWords(step.sent), sizeWords(step.total)),
      share: step.total ? step.sent / step.total : 0,
    };
  }
  const { messages, bytes_read: read, bytes_total: total } = step.now;
  return {
    words: archives.stored(counts.messages(messages), Math.floor((100 * read) / Math.max(1, total))),
    share: read / Math.max(1, total),
  };
}

/** @param {{ importing: Importing, step: Extract<Step, { is: "restored" }> }} props */
export function Restored({ importing, step }) {
  const {
    name,
    campaign_id: id,
    is_copy: isCopy,
    holds,
    voices_to_review: voices,
    dropped_links: links,
  } = step.restored;
  return html`<section class="import__card" role="status">
    <p class="note note--well"><${Icon} name="circle-check" /> ${isCopy ? archives.copyImported(name) : archives.campaignImported(name)}</p>
    <ul class="import__holds">${holdingWords(holds).map((words) => html`<li key=${words}>${words}</li>`)}</ul>
    ${
      voices.length > 0 &&
      html`<p class="note">${archives.voicesCame(voices.length)} <a href="/settings">${archives.reviewVoices}</a></p>`
    }
    ${links > 0 && html`<p class="quiet">${archives.linksDropped(links)}</p>`}
    <div class="button-row"><a class="button button--accent" href=${`/campaigns/${id}`} onClick=${() => importing.again()}>${archives.openCampaign}</a>
      <button type="button" class="button" onClick=${() => importing.again()}>${archives.importAnother}</button></div>
  </section>`;
}

/** @param {{ importing: Importing, step: Extract<Step, { is: "taken" }> }} props */
export function Taken({ importing, step }) {
  const several = (step.now.conversations ?? 0) > 1 ? (step.now.conversations ?? 0) : 0;
  const link = conversationLink({ kind: "thread", id: step.now.conversation_id ?? "", campaign_id: step.campaignId });
  return html`<section class="import__card" role="status">
    <p class="note note--well"><${Icon} name="circle-check" /> ${several ? transcripts.severalImported(several, counts.messages(step.now.messages)) : archives.transcriptImported(step.now.title, counts.messages(step.now.messages))}</p>
    ${step.campaignId && step.now.conversation_id && html`<${Brought} campaignId=${step.campaignId} by=${`conversation:${step.now.conversation_id}`} />`}
    <${Remarks} remarks=${step.now.remarks ?? []} />
    <div class="button-row">${several > 0 && step.campaignId && html`<a class="button button--accent" href=${`/campaigns/${step.campaignId}`} onClick=${() => importing.again()}>${transcripts.openCampaign}</a>`}
      ${!several && step.now.conversation_id && html`<a class="button button--accent" href=${`/reviews/${step.now.conversation_id}`} onClick=${() => importing.again()}><${Icon} name="scroll-text" /> ${reviews.open}</a>`}
      ${!several && link && html`<a class="button" href=${link} onClick=${() => importing.again()}>${archives.openConversation}</a>`}
      <button type="button" class="button" onClick=${() => importing.again()}>${archives.importAnother}</button></div>
  </section>`;
}

/** @param {{ importing: Importing, words: string }} props */
export function Failed({ importing, words }) {
  return html`<section class="import__card">
    <p class="note note--trouble" role="alert">${words} ${archives.nothingKept}</p>
    <div class="button-row"><button type="button" class="button button--accent" onClick=${() => importing.again()}>${archives.chooseAgain}</button></div>
  </section>`;
}
