import { useOwnId } from "../use_own_id.js";
import { html } from "../../html.js";
import { Icon } from "../icon.js";
import { table as t } from "../../words/en/table.js";
import { controls } from "../../words/en/controls.js";

/** Who each is for, and what it may be made of. */
const WORDS = {
  recap_gm: {
    label: t.recapForGm,
    hint: t.recapForGmHint,
    gmOnly: true,
  },
  recap_players: {
    label: t.recapForPlayers,
    hint: t.recapForPlayersHint,
    gmOnly: false,
  },
};

/**
 * One recap: its text, and the state of its draft.
 *
 * @typedef {"recap_gm" | "recap_players"} FieldName
 * @typedef {{ state: "idle" | "drafting" | "drafted" | "failed", words: string[], waiting?: string }} DraftState
 *
 * @param {{ name: FieldName, value: string, draft: DraftState,
 *   onWrite: (text: string) => void, onDraft: () => void, onTake: () => void }} props
 */
export function RecapField({ name, value, draft, onWrite, onDraft, onTake }) {
  const id = useOwnId();
  const { label, hint, gmOnly } = WORDS[name];
  const drafting = draft.state === "drafting";
  const failed = draft.state === "failed";
  return html`<div class=${`field-group recap__field ${gmOnly ? "field-group--secret" : ""}`} data-field=${name} data-state=${draft.state}>
    <label for=${id}><${Icon} name=${gmOnly ? "eye-off" : "users"} /> ${label}${gmOnly && html`<span class="sr-only"> ${t.gmOnlyAfterLabel}</span>`}</label>
    <p class="field-hint" id=${`${id}-hint`}>${hint}</p>
    <textarea id=${id} class="field field--prose recap__text" rows="8" aria-describedby=${`${id}-hint`} value=${value}
      placeholder=${drafting ? t.draftPlaceholder : ""}
      onInput=${(/** @type {any} */ event) => onWrite(event.currentTarget.value)}></textarea>
    <div class="recap__state" role="status">
      ${drafting && html`<p class="quiet"><span class="recap__busy"><${Icon} name="feather" /></span> ${t.drafting}</p>`}
      ${draft.words.map((words) => html`<p class=${failed ? "recap__failed" : "quiet"}>${failed && words === draft.words[0] && html`<${Icon} name="circle-alert" /> `}${words}</p>`)}
    </div>
    <div class="button-row">
      ${draft.waiting && html`<button type="button" class="button button--small" onClick=${onTake}>${t.draftPutInPlace}</button>`}
      ${
        !drafting &&
        html`<button type="button" class="button button--small" onClick=${onDraft}><${Icon} name=${draft.state === "idle" ? "sparkles" : "refresh-cw"} />
        ${failed ? controls.retry : draft.state === "drafted" || value.trim() ? t.draftAgain : t.draftIt}</button>`
      }
    </div>
  </div>`;
}
