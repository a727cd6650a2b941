import { useOwnId } from "../use_own_id.js";
import { html } from "../../html.js";
import { Icon } from "../icon.js";

/** Who each is for, and what it may be made of. */
const WORDS = {
  recap_gm: {
    label: "For you",
    hint: "From everything: the plan, your own notes, the talk. The next plan begins from it.",
    gmOnly: true,
  },
  recap_players: {
    label: "For the players",
    hint: "Only from notes and events that they may know. Safe to read out.",
    gmOnly: false,
  },
};

/**
 * One recap: its text, and how its draft stands.
 * @param {{ name: import("./recap_dialog.js").FieldName, value: string, standing: import("./recap_dialog.js").Standing,
 *   onWrite: (text: string) => void, onDraft: () => void, onTake: () => void }} props
 */
export function RecapField({ name, value, standing, onWrite, onDraft, onTake }) {
  const id = useOwnId();
  const { label, hint, gmOnly } = WORDS[name];
  const drafting = standing.state === "drafting";
  const failed = standing.state === "failed";
  return html`<div class=${`field-group recap__field ${gmOnly ? "field-group--secret" : ""}`} data-field=${name} data-state=${standing.state}>
    <label for=${id}><${Icon} name=${gmOnly ? "eye-off" : "users"} /> ${label}${gmOnly && html`<span class="sr-only"> (GM only)</span>`}</label>
    <p class="field-hint" id=${`${id}-hint`}>${hint}</p>
    <textarea id=${id} class="field field--prose recap__text" rows="8" aria-describedby=${`${id}-hint`} value=${value}
      placeholder=${drafting ? "Being drafted. You can begin to write." : ""}
      onInput=${(/** @type {any} */ event) => onWrite(event.currentTarget.value)}></textarea>
    <div class="recap__standing" role="status">
      ${drafting && html`<p class="quiet"><span class="recap__busy"><${Icon} name="feather" /></span> Being drafted…</p>`}
      ${standing.words.map((words) => html`<p class=${failed ? "recap__failed" : "quiet"}>${failed && words === standing.words[0] && html`<${Icon} name="circle-alert" /> `}${words}</p>`)}
    </div>
    <div class="button-row">
      ${standing.waiting && html`<button type="button" class="button button--small" onClick=${onTake}>Put the draft in place of mine</button>`}
      ${
        !drafting &&
        html`<button type="button" class="button button--small" onClick=${onDraft}><${Icon} name=${standing.state === "idle" ? "sparkles" : "refresh-cw"} />
        ${failed ? "Try again" : standing.state === "drafted" ? "Draft it anew" : value.trim() ? "Draft another" : "Draft it"}</button>`
      }
    </div>
  </div>`;
}
