import { html } from "../../html.js";
import { sentences } from "../../models/sentences.js";
import { attempt } from "../../state/notices.js";
import { CureControls } from "../cure_controls.js";
import { messages } from "../../words/en/messages.js";

/**
 * Why an answer is not whole, in the words that are stored with it, and what can be done: go on with
 * it, ask again, edit the question, open the control that the cure names.
 *
 * @typedef {import("../../types.js").Entry} Entry
 *
 * @param {{ entry: Entry, talk: import("../../state/talk/talk.js").Talk, last: boolean, onEdit?: (entry: Entry) => void }} props
 */
export function Trouble({ entry, talk, last, onEdit }) {
  const { message, sign } = entry;
  const can = waysOn(entry, last, talk.readOnly);
  if (!can) return null;
  const words = troubleWords(message, sign);
  const { detail, cure } = words;
  const question = can.edit && onEdit ? talk.entries.peek().find(({ id }) => id === message.parent_id) : null;
  if (!detail && !can.goOn && !can.again) return null;
  return html`<div class=${`message__trouble ${detail ? "" : "message__trouble--plain"} ${sign === "cut" ? "message__trouble--cut" : ""}`}>
    ${detail && html`<p>${sentences(detail, cure)}</p>`}
    <div class="button-row">
      ${can.goOn && html`<button type="button" class="button button--small" onClick=${() => attempt(() => talk.continueReply(entry.id))}>${messages.continue}</button>`}
      ${can.again && html`<button type="button" class="button button--small" onClick=${() => attempt(() => talk.regenerate(entry.id))}>${messages.askAgain}</button>`}
      ${question && html`<button type="button" class="button button--small" onClick=${() => onEdit?.(question)}>${messages.editQuestion}</button>`}
      <${CureControls} cure=${cure} />
    </div>
  </div>`;
}

const ENDED_EARLY = new Set(["cut", "filtered", "stopped", "interrupted", "failed"]);

/**
 * What can be done with an answer that ended early; null for any other.
 * @param {Entry} entry @param {boolean} last @param {boolean} readOnly
 */
function waysOn({ message, sign, pending }, last, readOnly) {
  if (message.role !== "assistant" || pending || !ENDED_EARLY.has(sign)) return null;
  const open = !readOnly && (last || message.left_out === true);
  return {
    goOn: open && last && message.content !== "" && sign !== "failed" && sign !== "filtered",
    again: open && sign !== "cut",
    edit: open && message.left_out === true,
  };
}

/**
 * The words that were stored when it went wrong; an answer of an earlier edition has none.
 * @param {import("../../types.js").Message} message @param {string} sign
 * @returns {{ detail: string, cure: string | null }}
 */
function troubleWords({ error }, sign) {
  if (error?.detail) return { detail: error.detail, cure: error.cure ?? null };
  return { detail: sign === "failed" ? messages.noAnswer : "", cure: null };
}
