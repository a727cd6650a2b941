import { html } from "../../html.js";
import { secondsWords } from "../../models/amounts.js";
import { sentences } from "../../models/sentences.js";
import { attempt } from "../../state/notices.js";
import { useNow } from "../use_now.js";
import { controls } from "../../words/en/controls.js";
import { messages } from "../../words/en/messages.js";

/**
 * What is going on before the first word: it is shown where the first line of the answer
 * will be, and is as high.
 *
 * @param {{ progress: import("../../models/reply_progress.js").ReplyProgress, onStop?: () => Promise<unknown> }} props
 */
export function PhaseLine({ progress, onStop }) {
  const phase = progress.phase.value;
  const now = useNow(phase !== null);
  if (!phase) return html`<p class="phase"> </p>`;
  if (phase.name === "waiting") {
    return html`<div class="phase phase--waiting"><p>${sentences(phase.detail)} <span class="phase__count">${nextWords(phase.until, now)}</span></p>
      ${onStop && html`<button type="button" class="button button--small" onClick=${() => attempt(onStop)}>${controls.stop}</button>`}</div>`;
  }
  const passed = (now - phase.since) / 1000;
  return html`<p class="phase">${VERBS[phase.name]}… <span class="phase__count">${passed >= 1 ? secondsWords(passed) : ""}</span></p>`;
}

const VERBS = { reading: messages.reading, thinking: messages.thinking, writing: messages.writing };

/** @param {number | null} until @param {number} now */
function nextWords(until, now) {
  const left = until === null ? 0 : Math.ceil((until - now) / 1000);
  return left > 0 ? messages.tryingAgainIn(secondsWords(left)) : messages.tryingAgain;
}
