import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { cutText } from "../../models/characters.js";
import { say } from "../../models/said_values.js";
import { chooseSide, openFields, takesFile, withOrWithout } from "../../state/files/choices.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { attempt } from "../../state/notices.js";
import { counts } from "../../words/en/counts.js";
import { imports as t } from "../../words/en/imports.js";

/** How many are listed at first, and with each press. */
const SHOWN = 50;
const VALUE = 600;

/**
 * The things in files: which are imported, as what, and where they differ from what is here.
 *
 * @typedef {import("../../state/files/importing.js").Importing} Importing
 * @typedef {Extract<import("../../state/files/importing.js").Step, { is: "files" }>} FilesStep
 * @typedef {import("../../state/files/choices.js").FoundThing} FoundThing
 *
 * @param {{ importing: Importing, step: FilesStep }} props
 */
export function FoundThings({ importing, step }) {
  const { things } = step.preview;
  const [most, setMost] = useState(SHOWN);
  const [wanted, setWanted] = useState("");
  const [onlyOpen, setOnlyOpen] = useState(false);
  const listed = things.filter(
    (each) =>
      each.name.toLowerCase().includes(wanted.trim().toLowerCase()) && (!onlyOpen || each.action === "conflict"),
  );
  const hasOpen = things.some((each) => each.action === "conflict");
  const { choices, preview } = step;
  return html`<fieldset class="import__part" disabled=${step.isBusy}><legend>${t.becomes}</legend>
    ${
      preview.for_players > 0 &&
      html`<label class="found__take"><input type="checkbox" checked=${choices.open_to_players}
      onChange=${(/** @type {any} */ event) => importing.choose({ ...choices, open_to_players: event.currentTarget.checked })} /> ${t.openToPlayers(preview.for_players)}</label>`
    }
    ${
      things.length > 12 &&
      html`<div class="found__find"><input type="search" class="field" aria-label=${t.find} placeholder=${t.find} value=${wanted} onInput=${(/** @type {any} */ event) => setWanted(event.currentTarget.value)} />
      ${hasOpen && html`<label class="found__take"><input type="checkbox" checked=${onlyOpen} onChange=${(/** @type {any} */ event) => setOnlyOpen(event.currentTarget.checked)} /> ${t.only}</label>`}</div>`
    }
    <ul class="found">${listed.slice(0, most).map((thing) => html`<${Found} key=${thing.key} importing=${importing} step=${step} thing=${thing} />`)}</ul>
    ${listed.length > most && html`<button type="button" class="button button--small" onClick=${() => setMost(most + SHOWN)}>${t.more(Math.min(SHOWN, listed.length - most))}</button>`}
  </fieldset>`;
}

/** @param {{ importing: Importing, step: FilesStep, thing: FoundThing }} props */
function Found({ importing, step, thing }) {
  const { choices, preview } = step;
  const isIn = !choices.skip.includes(thing.key);
  const toKind = (/** @type {string} */ kind) => {
    const { [thing.key]: _, ...fields } = choices.fields;
    const next = { ...choices, fields, kinds: { ...choices.kinds, [thing.key]: kind } };
    attempt(() => importing.lookAgain(next, preview.campaign_id));
  };
  const isOpen = isIn && openFields(thing, choices).length > 0;
  const action = isIn ? thing.action : "skip";
  return html`<li class=${`found__one found__one--${action}`}>
    <div class="found__head">
      <label class="found__take"><input type="checkbox" checked=${isIn} aria-label=${t.include(thing.name)}
        onChange=${(/** @type {any} */ event) => importing.choose({ ...choices, skip: withOrWithout(choices.skip, thing.key, !event.currentTarget.checked) })} />
        <span class="found__name">${thing.name}</span></label>
      <${KindChoice} name=${thing.name} kind=${thing.kind} kinds=${thing.can_become} onChoose=${toKind} />
      <span class=${`chip chip--${action}`}>${t.action[action]}</span>
      ${thing.found_by && html`<span class="quiet">${t.foundBy[thing.found_by]}</span>`}
      ${thing.pictures ? html`<span class="quiet">${counts.pictures(thing.pictures)}</span>` : ""}
    </div>
    ${step.preview.files > 1 && thing.file_name && html`<p class="found__text quiet">${thing.file_name}</p>`}
    ${thing.excerpt && html`<p class="found__text quiet">${thing.excerpt}</p>`}
    ${(thing.notes ?? []).map((one) => html`<p class="quiet" key=${one}>${one}</p>`)}
    ${
      isIn &&
      (thing.fields ?? []).length > 0 &&
      html`<details class="found__fields" open=${isOpen}><summary>${t.field}</summary>
      ${(thing.fields ?? []).map((field) => html`<${Sides} key=${field.name} importing=${importing} step=${step} thing=${thing} field=${field} />`)}</details>`
    }
  </li>`;
}

/** @param {{ name: string, kind: string, kinds: string[], onChoose: (kind: string) => void, none?: string }} props */
export function KindChoice({ name, kind, kinds, onChoose, none }) {
  const nounOf = (/** @type {string} */ each) => KINDS[each]?.noun ?? each;
  if (kinds.length < 2) return html`<span class="quiet">${nounOf(kind)}</span>`;
  return html`<select class="field found__kind" aria-label=${t.kindOf(name)} value=${kind} onChange=${(/** @type {any} */ event) => onChoose(event.currentTarget.value)}>
    ${none && html`<option value="">${none}</option>`}
    ${kinds.map((each) => html`<option key=${each} value=${each}>${nounOf(each)}</option>`)}</select>`;
}

/**
 * Both versions of one field.
 * @param {{ importing: Importing, step: FilesStep, thing: FoundThing, field: import("../../state/files/choices.js").FieldChoice }} props
 */
function Sides({ importing, step, thing, field }) {
  const { choices } = step;
  const isDecided = field.outcome !== "conflict" || field.name in (choices.fields[thing.key] ?? {});
  const isFile = takesFile(thing, field, choices);
  const side = (/** @type {"here" | "file"} */ which, /** @type {string} */ label, /** @type {string} */ words) => {
    const text = say(field[which]);
    const isOn = isDecided && (which === "file") === isFile;
    return html`<label class=${`sides__one ${isOn ? "sides__one--on" : ""}`}>
      <span class="sides__where"><input type="radio" name=${`${thing.key}/${field.name}`} checked=${isOn}
        onChange=${() => importing.choose(chooseSide(choices, thing.key, field.name, which))} /> ${words} <span class="quiet">${label}</span></span>
      <span class="sides__text">${text ? (text.length > VALUE ? `${cutText(text, VALUE)}…` : text) : html`<span class="quiet">${t.empty}</span>`}</span></label>`;
  };
  return html`<fieldset class="sides"><legend>${field.label}</legend>
    ${field.outcome === "merge" && html`<p class="quiet">${t.merged}</p>`}
    <div class="sides__both">${side("here", t.here, t.keepMine)}${side("file", t.file, t.takeFile)}</div></fieldset>`;
}
