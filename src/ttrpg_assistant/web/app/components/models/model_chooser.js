import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { countWords } from "../../models/amounts.js";
import { findModels, modelName, unlisted } from "../../models/model_list.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { modelChooserOpen } from "../../state/models/model_chooser.js";
import { announce, attempt } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { AboutModel } from "./about_model.js";
import { ModelOptions } from "./model_options.js";
import { models as modelsWords } from "../../words/en/models.js";

/**
 * Finds one of many models: by words while they are typed, with the arrows, in groups. What is known
 * of the one that is pointed at is beside the list, with a test.
 */
export default function ModelChooser() {
  const { models } = useApp();
  const list = models.list.value;
  const close = () => (modelChooserOpen.value = false);
  useEffect(() => {
    models.load();
  }, [models]);
  return html`<${Dialog} title=${modelsWords.choose} kind="wide" onClose=${close}>
    ${list ? html`<${Finder} list=${list} onClose=${close} />` : html`<p class="quiet" role="status">${models.fault.value?.detail ?? modelsWords.looking}</p>`}
  </${Dialog}>`;
}

/** The rows that an arrow, or a page key, moves by. */
const STEPS = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 });

/** @param {{ list: import("../../types.js").ModelList, onClose: () => void }} props */
function Finder({ list, onClose }) {
  const { models } = useApp();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(/** @type {string | null} */ (list.current));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const { groups, left } = findModels(list, query);
  const named = unlisted(list, query, groups);
  const shown = named ? [...groups, named] : groups;
  const rows = shown.flatMap((group) => group.models);
  const at = Math.max(
    0,
    rows.findIndex(({ choice }) => choice === chosen),
  );
  const model = rows[at] ?? null;
  const fixed = list.fixed === true;

  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [model?.choice, query]);

  const use = (/** @type {import("../../types.js").ModelOffer} */ { choice }) => {
    if (fixed) return;
    attempt(async () => {
      await models.choose(choice);
      announce(
        modelsWords.answersFromNow(choice.split(":")[0] === "offline" ? modelsWords.builtInName : modelName(choice)),
      );
      onClose();
    });
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = STEPS[keyOf(event)];
    if (step) {
      const next =
        Math.abs(step) === 1
          ? (at + step + rows.length) % Math.max(1, rows.length)
          : Math.min(rows.length - 1, Math.max(0, at + step));
      setChosen(rows[next]?.choice ?? null);
    } else if (keyOf(event) === "Enter" && model) use(model);
    else return;
    event.preventDefault();
  };
  const count = list.providers.reduce((sum, each) => sum + each.models.length, 0);
  return html`<div class="chooser">
    <div class="chooser__find">
      <input class="field" type="text" role="combobox" aria-expanded="true" aria-controls="model-options" aria-label=${modelsWords.search}
        aria-activedescendant=${model ? `model-option-${at}` : undefined} placeholder=${modelsWords.searchAmong(countWords(Math.max(1, count)))}
        autocomplete="off" spellcheck=${false} autofocus=${matchMedia("(pointer: fine)").matches} value=${query} onKeyDown=${key}
        onInput=${(/** @type {any} */ event) => {
          setQuery(event.currentTarget.value);
          setChosen(null);
        }} />
      <div class="chooser__list" ref=${box} tabindex="0" role="region" aria-label=${modelsWords.found}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.target === box.current && key(event)}>
        <${ModelOptions} groups=${shown} chosen=${model?.choice ?? null} current=${list.current} onChoose=${setChosen} />
        ${rows.length === 0 && html`<p class="chooser__none">${modelsWords.noneByName}</p>`}
        ${left > 0 && html`<p class="chooser__none">${modelsWords.moreModels(countWords(left))}</p>`}
        <${Missing} list=${list} onClose=${onClose} />
      </div>
    </div>
    ${model && html`<${AboutModel} key=${model.choice} model=${model} list=${list} onUse=${() => use(model)} />`}
  </div>`;
}

/** Providers of which no model can be shown, and where to change that. @param {{ list: import("../../types.js").ModelList, onClose: () => void }} props */
function Missing({ list, onClose }) {
  const away = list.providers.filter((each) => each.fault && (each.has_key || !each.needs_key));
  const keyless = list.providers.filter((each) => each.needs_key && !each.has_key);
  if (away.length + keyless.length === 0) return null;
  const names = keyless.map(({ label }) => label).join(", ");
  return html`<div class="chooser__missing">
    ${away.map((each) => html`<p key=${each.name}><strong>${each.label}:</strong> ${sentences(each.fault?.detail, each.fault?.cure)}</p>`)}
    ${names && html`<p>${modelsWords.needKeys(names, keyless.length)}</p>`}
    <p><a href="/settings?at=provider" onClick=${onClose}>${modelsWords.keysInSettings}</a></p>
  </div>`;
}
