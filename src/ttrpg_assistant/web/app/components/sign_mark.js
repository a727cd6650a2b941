import { html } from "../html.js";
import { Icon } from "./icon.js";

/**
 * Where a message is, always in the same place: a small sign, with words when they are needed and
 * always for a screen reader.
 *
 * @typedef {import("../types.js").Sign} Sign
 */
const SIGNS = /** @type {Record<Sign, { icon: string, words: string, quiet?: boolean }>} */ ({
  on_device: { icon: "circle-dashed", words: "On this device, not saved yet" },
  not_saved: { icon: "triangle-alert", words: "Not saved yet, kept on this device" },
  refused: { icon: "ban", words: "Not accepted, kept on this device" },
  saved: { icon: "check", words: "Saved", quiet: true },
  answering: { icon: "feather", words: "Answering" },
  complete: { icon: "check", words: "Saved", quiet: true },
  cut: { icon: "scissors", words: "Cut off at the answer limit" },
  filtered: { icon: "ban", words: "Stopped by the provider's filter" },
  stopped: { icon: "square", words: "Stopped" },
  interrupted: { icon: "scissors", words: "Cut off" },
  failed: { icon: "circle-alert", words: "No answer" },
  unreadable: { icon: "triangle-alert", words: "Damaged in the database, shown as far as it can be read" },
});

/** @param {{ sign: Sign }} props */
export function SignMark({ sign }) {
  const { icon, words, quiet } = SIGNS[sign];
  return html`<span class="sign sign--${sign}" title=${words}>
    <span class=${quiet ? "sr-only" : "sign__words"}>${words}</span>
    <${Icon} name=${icon} />
  </span>`;
}
