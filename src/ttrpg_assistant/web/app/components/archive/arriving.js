import { html } from "../../html.js";
import { conversationLink } from "../../models/search_words.js";
import { counted, holdingWords, sizeWords } from "../../models/file_words.js";
import { attempt } from "../../state/notices.js";
import { Icon } from "../icon.js";

/**
 * A file on its way in, and what became of it.
 *
 * @typedef {import("../../state/importing.js").Importing} Importing
 * @typedef {import("../../state/importing.js").Step} Step
 *
 * @param {{ importing: Importing, step: Extract<Step, { is: "looking" | "sending" | "storing" | "running" }> }} props
 */
export function Arriving({ importing, step }) {
  const { words, share } = wordsOf(step);
  const canStop = step.is === "sending" || step.is === "running";
  return html`<section class="import__card" aria-label="On its way in">
    <p class="import__name">${step.is === "running" ? step.now.title : step.name}</p>
    <progress class="progress" aria-label="How much is in" max="1" value=${share ?? undefined}></progress>
    <p class="quiet" role="status">${words}</p>
    ${
      canStop &&
      html`<div class="button-row"><button type="button" class="button" onClick=${() => attempt(() => importing.cancel())}>Cancel</button>
      <p class="quiet">${step.is === "running" ? "You can leave this page; the import continues." : "Nothing is stored yet."}</p></div>`
    }
  </section>`;
}

/** @param {Extract<Step, { is: "looking" | "sending" | "storing" | "running" }>} step @returns {{ words: string, share: number | null }} */
function wordsOf(step) {
  if (step.is === "looking") return { words: "Looking at it…", share: null };
  if (step.is === "storing") return { words: "All of it has arrived. It is checked and stored…", share: null };
  if (step.is === "sending") {
    return {
      words: `${sizeWords(step.sent)} of ${sizeWords(step.total)} sent`,
      share: step.total ? step.sent / step.total : 0,
    };
  }
  const { messages, bytes_read: read, bytes_total: total } = step.now;
  return {
    words: `${counted(messages, "message")} stored, ${Math.floor((100 * read) / Math.max(1, total))} % of the file`,
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
    <p class="note note--well"><${Icon} name="circle-check" /> “${name}” is here${isCopy ? ", as a copy beside the one that was here before" : ""}.</p>
    <ul class="import__holds">${holdingWords(holds).map((words) => html`<li key=${words}>${words}</li>`)}</ul>
    ${
      voices.length > 0 &&
      html`<p class="note">${counted(voices.length, "voice")} came with it. A voice from a file is not used until you accept it in
      ${" "}<a href="/settings">Settings</a>, under Voices.</p>`
    }
    ${links > 0 && html`<p class="quiet">${counted(links, "link")} to what is not in the file, such as other talk, could not be kept.</p>`}
    <div class="button-row"><a class="button button--accent" href=${`/campaigns/${id}`} onClick=${() => importing.again()}>Open the campaign</a>
      <button type="button" class="button" onClick=${() => importing.again()}>Import another file</button></div>
  </section>`;
}

/** @param {{ importing: Importing, step: Extract<Step, { is: "taken" }> }} props */
export function Taken({ importing, step }) {
  const link = conversationLink({ kind: "thread", id: step.now.conversation_id ?? "", campaign_id: step.campaignId });
  return html`<section class="import__card" role="status">
    <p class="note note--well"><${Icon} name="circle-check" /> “${step.now.title}” is a conversation now: ${counted(step.now.messages, "message")}.</p>
    <div class="button-row">${link && html`<a class="button button--accent" href=${link} onClick=${() => importing.again()}>Open the conversation</a>`}
      <button type="button" class="button" onClick=${() => importing.again()}>Import another file</button></div>
  </section>`;
}

/** @param {{ importing: Importing, words: string }} props */
export function Failed({ importing, words }) {
  return html`<section class="import__card">
    <p class="note note--trouble" role="alert">${words} Nothing of the file was kept.</p>
    <div class="button-row"><button type="button" class="button button--accent" onClick=${() => importing.again()}>Choose a file again</button></div>
  </section>`;
}
