import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { faultOf, progressWords } from "../../models/reviews.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { reviews as t } from "../../words/en/reviews.js";
import { Icon } from "../icon.js";

/**
 * How far the text is read, and what can be done about it.
 * @param {{ review: import("../../models/reviews.js").Review, onChanged: (review: import("../../models/reviews.js").Review) => void }} props
 */
export function Reading({ review, onChanged }) {
  const { api } = useApp();
  const [busy, setBusy] = useState(false);
  const { status, progress } = review;
  const call = async (/** @type {"start" | "stop"} */ what, /** @type {Record<string, unknown>} */ body = {}) => {
    setBusy(true);
    await attempt(async () => onChanged(await api.post(`/api/transcript-reviews/${review.id}/${what}`, body)));
    setBusy(false);
  };
  const fault = status === "reading" ? null : faultOf(review);
  const startWords = status === "ready" ? t.read : progress.failed > 0 ? t.tryAgain : t.goOn;
  return html`<section class="import__card" aria-label=${t.progress}>
    <progress class="progress" aria-label=${t.progress} max=${progress.parts} value=${progress.done}></progress>
    <p role="status">${progressWords(review)}${progress.failed > 0 && ` ${t.failed(progress.failed)}`}${progress.left_out > 0 && html` <span class="quiet">${t.leftOut(progress.left_out)}</span>`}</p>
    ${fault && html`<p class="note note--trouble" role="alert">${sentences(fault.detail, fault.cure)}</p>`}
    <div class="button-row">
      ${
        status === "reading"
          ? html`<button type="button" class="button" disabled=${busy} onClick=${() => call("stop")}><${Icon} name="circle-stop" /> ${t.stop}</button>`
          : status !== "done" &&
            html`<button type="button" class="button button--accent" disabled=${busy} onClick=${() => call("start")}><${Icon} name="play" /> ${startWords}</button>`
      }
      ${
        (status === "done" || status === "stopped") &&
        html`<button type="button" class="button" disabled=${busy} title=${t.afreshWords} onClick=${() => call("start", { afresh: true })}><${Icon} name="refresh-cw" /> ${t.afresh}</button>`
      }
    </div>
  </section>`;
}
