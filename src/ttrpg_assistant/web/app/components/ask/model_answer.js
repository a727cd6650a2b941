import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { answerPieces } from "../../models/evidence_words.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { ask as t } from "../../words/en/ask.js";
import { controls } from "../../words/en/controls.js";

/**
 * A model's answer from the quotes alone, when it is asked for. A number in it leads to its quote. The
 * built-in model has nothing to add to the quotes.
 * @param {{ campaignId: string, question: string, onShow: (number: number) => void }} props
 */
export function ModelAnswer({ campaignId, question, onShow }) {
  const { api, models } = useApp();
  const [answer, setAnswer] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState("");
  const calling = useRef(/** @type {AbortController | null} */ (null));
  const [isAsking, setAsking] = useState(false);
  useEffect(() => () => calling.current?.abort(), []);
  const model = models.current.value;
  if (!model || (models.offline.value && !answer)) return null;
  const called = model.slice(model.indexOf(":") + 1);

  const ask = async () => {
    const mine = new AbortController();
    calling.current = mine;
    setAsking(true);
    setWrong("");
    try {
      setAnswer(await api.post(`/api/campaigns/${campaignId}/answers`, { question }, { signal: mine.signal }));
    } catch (error) {
      const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!mine.signal.aborted && !detail) throw error;
      if (!mine.signal.aborted) setWrong(sentences(detail, cure));
    } finally {
      if (calling.current === mine) setAsking(false);
    }
  };
  const stop = () => {
    calling.current?.abort();
    calling.current = null;
    setAsking(false);
  };
  return html`<section class="model-answer" aria-label=${t.answerBy(called)} aria-busy=${isAsking ? "true" : "false"}>
    ${
      isAsking
        ? html`<p role="status">${t.answering(called)} <button type="button" class="button button--small" onClick=${stop}>${controls.stop}</button></p>`
        : !answer &&
          html`<button type="button" class="button" onClick=${ask}><${Icon} name="sparkles" /> ${t.answerWith(called)}</button>`
    }
    ${wrong && html`<p class="note note--trouble" role="alert">${wrong}</p>`}
    ${
      answer &&
      html`<p class="model-answer__text" dir="auto">${answerPieces(answer.text, answer.gathered.evidence.length).map(
        (piece, at) =>
          typeof piece === "number"
            ? html`<button type="button" key=${at} class="link-button" aria-label=${t.quote(piece)} onClick=${() => onShow(piece)}>[${piece}]</button>`
            : piece,
      )}</p>
      ${answer.unsupported > 0 && html`<p class="note">${t.unsupported(answer.unsupported)}</p>`}
      ${answer.is_cut && html`<p class="note">${t.cut}</p>`}`
    }
  </section>`;
}
