import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { messages } from "../../words/en/messages.js";

/**
 * Where a message is, always in the same place: a small sign, with words when they are needed and
 * always for a screen reader.
 *
 * @typedef {import("../../types.js").Sign} Sign
 */
const SIGNS = /** @type {Record<Sign, { icon: string, words: string, quiet?: boolean }>} */ ({
  on_device: { icon: "circle-dashed", words: messages.signOnDevice },
  not_saved: { icon: "triangle-alert", words: messages.signNotSaved },
  refused: { icon: "ban", words: messages.signRefused },
  saved: { icon: "check", words: messages.signSaved, quiet: true },
  answering: { icon: "feather", words: messages.signAnswering },
  complete: { icon: "check", words: messages.signSaved, quiet: true },
  cut: { icon: "scissors", words: messages.signCut },
  filtered: { icon: "ban", words: messages.signFiltered },
  stopped: { icon: "square", words: messages.signStopped },
  interrupted: { icon: "scissors", words: messages.signInterrupted },
  failed: { icon: "circle-alert", words: messages.signFailed },
  unreadable: { icon: "triangle-alert", words: messages.signUnreadable },
});

/** @param {{ sign: Sign }} props */
export function SignMark({ sign }) {
  const { icon, words, quiet } = SIGNS[sign];
  return html`<span class="sign sign--${sign}" title=${words}>
    <span class=${quiet ? "sr-only" : "sign__words"}>${words}</span>
    <${Icon} name=${icon} />
  </span>`;
}
