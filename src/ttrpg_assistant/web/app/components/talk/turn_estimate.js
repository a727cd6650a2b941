import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { estimateWords } from "../../models/amounts.js";
import { useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { messages } from "../../words/en/messages.js";

/** While somebody types, the estimate follows in steps of so many characters, after this pause. */
const STEP = 200;
const PAUSE = 500;

/** How long a text is, in steps, as it is asked for; "" for no text. @param {string} text */
function sizeOf(text) {
  if (text.trim() === "") return "";
  const characters = Math.ceil(text.length / STEP) * STEP;
  const more = new TextEncoder().encode(text).length - text.length;
  return `characters=${characters}&bytes=${characters + Math.round(more / STEP) * STEP}`;
}

/**
 * About what the message in the composer will take, while there is one. The built-in model costs
 * nothing, so nothing is asked for it.
 * @param {{ talk: import("../../state/talk/talk.js").Talk, text: string }} props
 */
export function TurnEstimate({ talk, text }) {
  const { api, models } = useApp();
  const [estimate, setEstimate] = useState(
    /** @type {{ tokens: number, cost?: number | null, fits?: boolean } | null} */ (null),
  );
  const isWriting = text.trim() !== "";
  const size = useSettled(sizeOf(text), PAUSE);
  const { id } = talk;
  const current = models.current.value;
  const wanted = isWriting && size !== "" && id !== null && current !== null && !models.offline.value;

  useEffect(() => {
    if (!wanted) return setEstimate(null);
    const left = new AbortController();
    api.get(`/api/turn-estimate?conversation_id=${id}&${size}`, { signal: left.signal }).then(
      (found) => left.signal.aborted || setEstimate(found),
      // Only a hint: without it one writes and sends all the same.
      () => left.signal.aborted || setEstimate(null),
    );
    return () => left.abort();
  }, [api, id, size, wanted, current]);

  if (!wanted || !estimate) return null;
  return html`<p class=${`composer__estimate ${estimate.fits === false ? "composer__estimate--over" : ""}`} role=${estimate.fits === false ? "alert" : undefined} title=${messages.estimateWhy}>${estimateWords(estimate)}</p>`;
}
