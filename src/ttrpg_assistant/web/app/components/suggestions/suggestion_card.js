import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { addressOf, differenceOf, isOpen, kindSign, nameIn } from "../../models/proposals.js";
import { useApp } from "../../state/app.js";
import { proposals as words } from "../../words/en/proposals.js";
import { Brought, isWritten } from "../campaign/brought.js";
import { Icon } from "../icon.js";
import { attempt } from "../../state/notices.js";
import { Difference, Written } from "./difference.js";
import { EditForm } from "./edit_form.js";
import { TargetChoice } from "./target_choice.js";

/**
 * One proposal: what it is about, why, what it would change, and what can be done with it.
 *
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 * @typedef {"look" | "edit" | "part" | "reject"} Doing
 *
 * @param {{ suggestion: Suggestion, children?: any }} props `children` stand under the title: where it
 *   comes from
 */
export function SuggestionCard({ suggestion, children = null }) {
  const [doing, setDoing] = useState(/** @type {Doing} */ ("look"));
  const sign = kindSign(suggestion);
  const open = isOpen(suggestion);
  const about = aboutWhat(suggestion);
  const disputed = open && differenceOf(suggestion).some((patch) => patch.outcome === "conflict");
  return html`<article class="proposal proposal--${disputed ? "conflict" : suggestion.status}" data-suggestion-id=${suggestion.id}
    data-status=${suggestion.status} aria-label=${words.card(sign.words, suggestion.title)}>
    <header class="proposal__head">
      <span class="proposal__kind"><${Icon} name=${sign.icon} /> ${sign.words}${about && html`<span class="proposal__about"> · ${about}</span>`}</span>
      <${Standing} status=${disputed ? "conflict" : suggestion.status} />
    </header>
    ${!sign.saysItself && html`<h3 class="proposal__title">${nameIn(suggestion.title)}</h3>`}
    ${children}
    ${suggestion.rationale && html`<p class="proposal__why">${suggestion.rationale}</p>`}
    ${suggestion.note && open && html`<p class="proposal__note"><${Icon} name="circle-alert" /> ${suggestion.note}</p>`}
    ${
      doing === "edit" && open
        ? html`<${EditForm} suggestion=${suggestion} onDone=${() => setDoing("look")} />`
        : html`<${Deciding} suggestion=${suggestion} doing=${doing} onDoing=${setDoing} />`
    }
    ${suggestion.campaign_id && isWritten(suggestion) && html`<${Brought} campaignId=${suggestion.campaign_id} by=${`suggestion:${suggestion.id}`} />`}
  </article>`;
}

/** The difference, and the buttons under it. @param {{ suggestion: Suggestion, doing: Doing, onDoing: (doing: Doing) => void }} props */
function Deciding({ suggestion, doing, onDoing }) {
  const { proposals } = useApp();
  const patches = differenceOf(suggestion);
  const open = isOpen(suggestion);
  const disputed = open ? patches.filter((patch) => patch.outcome === "conflict") : [];
  const conflicts = disputed.map(({ field }) => field);
  const [chosen, setChosen] = useState(/** @type {Set<string> | null} */ (null));
  const [busy, setBusy] = useState(false);
  const choosing = open && (doing === "part" || conflicts.length > 0);
  // A field in conflict is taken only when it is chosen by hand, looking at what is there.
  const taken = chosen ?? new Set(patches.map(({ field }) => field).filter((field) => !conflicts.includes(field)));
  // A tick was for what stood there then.
  const standing = JSON.stringify(disputed.map(({ field, current }) => [field, current]));
  useEffect(() => setChosen(null), [standing]);
  const toggle = (/** @type {string} */ field) => {
    const next = new Set(taken);
    if (!next.delete(field)) next.add(field);
    setChosen(next);
  };
  const work = async (/** @type {() => Promise<unknown>} */ deed) => {
    setBusy(true);
    await attempt(deed);
    setBusy(false);
  };
  const accept = (/** @type {Record<string, unknown>} */ how = {}) =>
    work(async () => {
      const seen = suggestion.target_revision && { seen_revision: suggestion.target_revision };
      const fields = choosing && { fields: [...taken] };
      if (await proposals.accept(suggestion, { ...seen, ...fields, ...how })) onDoing("look");
      setChosen(null);
    });

  const gone = suggestion.target_state === "gone";
  const unknown = open && suggestion.target_state === "unknown";
  const barren = open && !gone && !unknown && patches.length === 0;
  const takable = !gone && !unknown && !barren;
  const count = choosing ? taken.size : patches.length;
  return html`
    ${suggestion.status === "accepted" || suggestion.status === "partly_accepted" ? html`<${Written} suggestion=${suggestion} />` : null}
    ${suggestion.status !== "accepted" && html`<${Difference} suggestion=${suggestion} patches=${patches} chosen=${choosing ? taken : null} onToggle=${toggle} />`}
    ${
      conflicts.length > 0 &&
      html`<p class="proposal__conflict" role="status"><${Icon} name="triangle-alert" /> ${words.changedSince}</p>`
    }
    ${gone && open && html`<p class="proposal__note"><${Icon} name="circle-alert" /> ${words.targetDeleted}</p>`}
    ${unknown && html`<${TargetChoice} suggestion=${suggestion} busy=${busy} onChosen=${accept} />`}
    ${
      doing === "reject" && open
        ? html`<${RejectForm} onCancel=${() => onDoing("look")} onReject=${(/** @type {string} */ reason) =>
            work(() => proposals.reject(suggestion, reason).then(() => onDoing("look")))} />`
        : open
          ? html`<div class="button-row proposal__deeds">
            ${
              !unknown &&
              !barren &&
              html`<button type="button" class="button button--small button--proposed" disabled=${busy || gone || count === 0}
              onClick=${() => accept()}><${Icon} name="check" /> ${count < patches.length && patches.length > 1 ? words.acceptSome(count, patches.length) : words.accept}</button>`
            }
            ${takable && html`<button type="button" class="button button--small" disabled=${busy || !suggestion.difference} onClick=${() => onDoing("edit")}>${words.editFirst}</button>`}
            ${
              takable &&
              patches.length > 1 &&
              conflicts.length === 0 &&
              html`<button type="button" class="button button--small" aria-pressed=${doing === "part" ? "true" : "false"} disabled=${busy}
              onClick=${() => {
                setChosen(null);
                onDoing(doing === "part" ? "look" : "part");
              }}>${words.acceptPart}</button>`
            }
            <button type="button" class="button button--small" disabled=${busy} onClick=${() => onDoing("reject")}>${words.dismiss}</button>
            ${
              suggestion.status === "partly_accepted" &&
              html`<button type="button" class="button button--small" disabled=${busy}
              onClick=${() => work(() => proposals.undo(suggestion))}><${Icon} name="undo-2" /> ${words.undo}</button>`
            }
          </div>`
          : html`<${Decided} suggestion=${suggestion} busy=${busy} onUndo=${() => work(() => proposals.undo(suggestion))} />`
    }`;
}

/** @param {{ suggestion: Suggestion, busy: boolean, onUndo: () => void }} props */
function Decided({ suggestion, busy, onUndo }) {
  const at =
    suggestion.status === "accepted"
      ? addressOf(suggestion.target_kind, suggestion.target_id, suggestion.campaign_id)
      : null;
  return html`<div class="button-row proposal__deeds">
    ${suggestion.reason && html`<p class="proposal__reason">“${suggestion.reason}”</p>`}
    ${at && html`<a class="button button--small" href=${at}>${words.lookAtIt}</a>`}
    <button type="button" class="button button--small" disabled=${busy} onClick=${onUndo}><${Icon} name="undo-2" /> ${words.undo}</button>
  </div>`;
}

/** @param {{ onCancel: () => void, onReject: (reason: string) => void }} props */
function RejectForm({ onCancel, onReject }) {
  const [reason, setReason] = useState("");
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    onReject(reason);
  };
  return html`<form class="proposal__reject" onSubmit=${submit}>
    <label class="field-group"><span>${words.whyNot}</span>
      <input class="field" autofocus maxlength="500" value=${reason}
        onInput=${(/** @type {any} */ event) => setReason(event.currentTarget.value)} /></label>
    <div class="button-row"><button type="submit" class="button button--small button--danger">${words.dismiss}</button>
      <button type="button" class="button button--small" onClick=${onCancel}>${words.cancel}</button></div>
  </form>`;
}

/** @type {Record<string, { label: string, icon: string }>} */
const STANDINGS = {
  pending: { label: words.suggested, icon: "sparkles" },
  conflict: { label: words.inConflict, icon: "triangle-alert" },
  accepted: { label: words.statusAccepted, icon: "check" },
  partly_accepted: { label: words.acceptedPartly, icon: "check" },
  rejected: { label: words.dismissed, icon: "x" },
  undone: { label: words.undone, icon: "undo-2" },
};

/** @param {{ status: string }} props */
function Standing({ status }) {
  const { label, icon } = STANDINGS[status];
  return html`<span class="proposal__standing"><${Icon} name=${icon} /> ${label}</span>`;
}

/** @param {Suggestion} suggestion */
function aboutWhat({ target_state: state, target_name: name, title, target_id: id }) {
  if (state === "new" || (!state && !id)) return words.isNew;
  if (name && name !== title) return name;
  return state === "there" ? words.isChange : "";
}
