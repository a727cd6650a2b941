import { html } from "../../html.js";
import { inWords } from "../../models/scene_turns.js";
import { Icon } from "../icon.js";
import { Monogram } from "../monogram.js";
import { scenes as t } from "../../words/en/scenes.js";

/**
 * Who answers the next words, and whether they are whispered.
 *
 * @typedef {import("../../models/scene_turns.js").Member} Member
 *
 * @param {{ members: Member[], aside: import("../../state/talk/scene_aside.js").SceneAside, next: Member | null }} props
 *   `next`: whose turn it is when nobody is addressed
 */
export function WhoAnswers({ members, aside, next }) {
  const whisper = aside.whisper.value;
  const answering = aside.answering.value;
  const nameOf = (/** @type {string} */ id) => members.find((each) => each.npc_id === id)?.name ?? t.deletedNpc;
  const words = whisper
    ? t.hearsAndAnswers(nameOf(whisper))
    : answering.length > 0
      ? t.answersNow(inWords(answering.map(nameOf)), answering.length)
      : next && t.answersNext(next.name);
  const toggleWhisper = () => aside.whisperTo(whisper ? null : (answering[0] ?? next?.npc_id ?? null));
  return html`<div class="answers" role="group" aria-label=${t.whoAnswers}>
    <div class="answers__choices">
      <button type="button" class="answers__one" aria-pressed=${!whisper && answering.length === 0 ? "true" : "false"}
        onClick=${() => aside.whisperTo(null)}><${Icon} name="rotate-ccw" /> ${t.inTurn}</button>
      <button type="button" class="answers__one answers__one--whisper" aria-pressed=${whisper ? "true" : "false"} onClick=${toggleWhisper}>
        <${Icon} name="eye-off" /> ${t.whisper}</button>
      ${members.map(({ npc_id: id, name }, place) => {
        const at = answering.indexOf(id);
        return html`<button type="button" key=${id} class="answers__one answers__one--npc" data-voice=${place}
          aria-pressed=${whisper === id || at >= 0 ? "true" : "false"} onClick=${() => aside.choose(id)}>
          <${Monogram} name=${name} place=${place} /><span class="answers__name">${name}</span>
          ${answering.length > 1 && at >= 0 && html`<span class="answers__order" aria-hidden="true">${at + 1}</span>`}</button>`;
      })}
    </div>
    <p class="answers__words" role="status">${words}</p>
  </div>`;
}
