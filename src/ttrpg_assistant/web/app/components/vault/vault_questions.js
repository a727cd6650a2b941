import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { cutText } from "../../models/characters.js";
import { say } from "../../models/said_values.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { vault as t } from "../../words/en/vault.js";
import { KindChoice } from "../imports/found_things.js";

const VALUE = 600;

/**
 * What only the game master can answer: what both sides changed, and what is gone on one of them.
 *
 * @typedef {{ question: "conflict" | "note_gone" | "thing_gone" | "emptied" | "many_gone" | "kind", kind: string,
 *   id: string, name: string, path: string, field: string, label: string, here: any, file: any, revision: number,
 *   sha256: string, is_archived?: boolean, count: number, of: number }} Question
 *
 * @param {{ vault: { questions: Question[], question_count: number }, isBusy: boolean, answer: (body: any) => void }} props
 */
export function VaultQuestions({ vault, isBusy, answer }) {
  if (vault.question_count === 0) return null;
  const more = vault.question_count - vault.questions.length;
  return html`<fieldset class="import__part" disabled=${isBusy}><legend>${t.waiting(vault.question_count)}</legend>
    <ul class="found">${vault.questions.map(
      (
        one,
      ) => html`<li key=${`${one.question}/${one.id ?? one.path}/${one.field ?? ""}`} class="found__one found__one--conflict">
        ${
          one.question !== "many_gone" &&
          html`<div class="found__head"><span class="found__name">${one.name}</span>
          <span class="quiet">${one.question === "kind" ? one.path : `${KINDS[one.kind]?.noun ?? one.kind}, ${one.path}`}</span></div>`
        }
        <${Asked} one=${one} answer=${answer} /></li>`,
    )}</ul>
    ${more > 0 && html`<p class="quiet">${t.more(more)}</p>`}
  </fieldset>`;
}

/** @param {{ one: Question, answer: (body: any) => void }} props */
function Asked({ one, answer }) {
  if (one.question === "conflict") return html`<${Sides} one=${one} answer=${answer} />`;
  if (one.question === "kind") return html`<${KindOfNote} one=${one} answer=${answer} />`;
  const seen = one.sha256 ? { seen: seenOf(one) } : {};
  const [words, buttons] = askedAbout(one);
  return html`<p class="found__text">${words}</p>
    <div class="button-row">${buttons.map(
      ([label, body]) =>
        html`<button key=${label} type="button" class="button button--small" onClick=${() => answer({ ...seen, ...body })}>${label}</button>`,
    )}</div>`;
}

/** The words of a question and its answers. @param {Question} one @returns {[string, [string, any][]]} */
function askedAbout(one) {
  const gone = (/** @type {string} */ what) => ({ gone: { [one.id]: what }, paths: { [one.id]: one.path } });
  if (one.question === "note_gone")
    return [
      t.noteGone,
      [
        [t.writeAgain, gone("write")],
        [t.archive, gone("archive")],
        [t.apart, gone("apart")],
      ],
    ];
  if (one.question === "thing_gone")
    return [
      one.is_archived ? t.thingArchived : t.thingDeleted,
      [
        [t.restore, gone("restore")],
        [t.leaveNote, gone("apart")],
      ],
    ];
  if (one.question === "emptied")
    return [
      t.emptied,
      [
        [t.writeAgain, { emptied: { [one.id]: "write" } }],
        [t.takeEmpty, { emptied: { [one.id]: "file" } }],
      ],
    ];
  return [
    t.manyGone(one.count, one.of),
    [
      [t.writeAll, { all_gone: "write" }],
      [t.archiveAll, { all_gone: "archive" }],
    ],
  ];
}

/** @param {Question} one */
function seenOf(one) {
  return { [one.id]: { revision: one.revision, sha256: one.sha256 } };
}

/** Both versions of one field. @param {{ one: Question, answer: (body: any) => void }} props */
function Sides({ one, answer }) {
  const side = (/** @type {"here" | "file"} */ which, /** @type {string} */ where, /** @type {string} */ words) => {
    const text = say(one[which]);
    return html`<div class="sides__one"><span class="sides__where quiet">${where}</span>
      <span class="sides__text">${text ? (text.length > VALUE ? `${cutText(text, VALUE)}…` : text) : html`<span class="quiet">${t.nothing}</span>`}</span>
      <button type="button" class="button button--small" onClick=${() => answer({ seen: seenOf(one), sides: { [one.id]: { [one.field]: which } } })}>${words}</button></div>`;
  };
  return html`<fieldset class="sides"><legend>${one.label}</legend>
    <div class="sides__both">${side("here", t.here, t.keepHere)}${side("file", t.file, t.takeFile)}</div></fieldset>`;
}

/** @param {{ one: Question, answer: (body: any) => void }} props */
function KindOfNote({ one, answer }) {
  const [kind, setKind] = useState(one.kind);
  const kinds = Object.keys(KINDS).filter((each) => each !== "campaign");
  return html`<p class="found__text">${t.kind}</p>
    <div class="button-row"><${KindChoice} name=${one.name} kind=${kind} kinds=${kinds} onChoose=${setKind} />
      <button type="button" class="button button--small" onClick=${() => answer({ kinds: { [one.path]: kind } })}>${t.make}</button></div>`;
}
