import { useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { LABELS } from "../../models/cures.js";
import { LIMITS, PRICES, readNumbers } from "../../models/model_numbers.js";
import { sentences } from "../../models/sentences.js";
import { useApp } from "../../state/app.js";
import { toast } from "../../state/notices.js";
import { controls } from "../../words/en/controls.js";
import { models as modelsWords } from "../../words/en/models.js";

/**
 * @typedef {import("../../types.js").ModelOffer} ModelOffer
 * @typedef {import("../../types.js").Effort} Effort
 * @typedef {import("../../models/model_numbers.js").Field} Field
 */

/** Thinking, context size, answer length and price of one model: saved together. @param {{ model: ModelOffer }} props */
export function ModelNumbers({ model }) {
  const { models } = useApp();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [typed, setTyped] = useState(/** @type {Record<string, string>} */ ({}));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const [fault, setFault] = useState("");
  const [saving, setSaving] = useState(false);
  const textOf = (/** @type {Field} */ field) => typed[field.key] ?? field.show(model);
  const all = [...LIMITS, ...PRICES];
  const [effort, setEffort] = useState(/** @type {Effort | null | undefined} */ (undefined)); // undefined: as it is
  const isEffortNew = effort !== undefined && effort !== (model.effort ?? null);
  const isTouched = isEffortNew || all.some((field) => textOf(field).trim() !== field.show(model));

  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const found = readNumbers(model, Object.fromEntries(all.map((field) => [field.key, textOf(field)])));
    setWrong(found.wrong);
    setFault("");
    const first = all.find(({ key }) => key in found.wrong);
    if (first)
      return /** @type {HTMLElement | null | undefined} */ (form.current?.elements.namedItem(first.key))?.focus();
    setSaving(true);
    try {
      const { price } = found.changes;
      const limits = { ...found.changes.limits, ...(isEffortNew && { effort }) };
      if (Object.keys(limits).length > 0) await models.setLimits(model.choice, limits);
      if (price !== undefined) await models.setPrice(model.choice, price);
      setTyped({});
      setEffort(undefined);
      toast(controls.saved);
    } catch (error) {
      const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      setFault(sentences(detail, cure));
    } finally {
      setSaving(false);
    }
  };
  const write = (/** @type {string} */ key, /** @type {string} */ text) => {
    setTyped({ ...typed, [key]: text });
    if (wrong[key]) setWrong(Object.fromEntries(Object.entries(wrong).filter(([each]) => each !== key)));
  };
  const row = (
    /** @type {Field} */ field,
  ) => html`<${NumberField} key=${field.key} field=${field} text=${textOf(field)} automatic=${field.automatic(model)}
    wrong=${wrong[field.key] ?? ""} onWrite=${(/** @type {string} */ text) => write(field.key, text)} />`;
  return html`<form class="model-numbers" ref=${form} onSubmit=${save} novalidate autocomplete="off">
    <${Thinking} model=${model} chosen=${effort === undefined ? (model.effort ?? null) : effort} onChoose=${setEffort} />
    <div class="model-numbers__row">${LIMITS.map(row)}</div>
    <fieldset class="model-numbers__prices" id="at-price" tabindex="-1">
      <legend>${LABELS.price} <span class="quiet">${modelsWords.priceUnit}</span></legend>
      <div class="model-numbers__row">${PRICES.map(row)}</div>
    </fieldset>
    <div class="model-numbers__foot">
      <button type="submit" class="button" disabled=${saving || !isTouched}>${controls.save}</button>
      <p class="quiet">${modelsWords.emptyIsAutomatic}</p>
    </div>
    ${fault && html`<p class="field-wrong" role="alert">${fault}</p>`}
    ${model.learned && model.learned.length > 0 && html`<${Learned} model=${model} />`}
  </form>`;
}

const EFFORTS = /** @type {[Effort | null, string][]} */ ([
  [null, modelsWords.automatic],
  ["off", modelsWords.off],
  ["low", modelsWords.low],
  ["high", modelsWords.high],
]);

/** How much a model that thinks may think. @param {{ model: ModelOffer, chosen: Effort | null, onChoose: (effort: Effort | null) => void }} props */
function Thinking({ model, chosen, onChoose }) {
  const can = model.efforts ?? [];
  if (can.length === 0) return null;
  return html`<fieldset class="choice-row" id="at-thinking" tabindex="-1"><legend>${LABELS.thinking}</legend>
    ${EFFORTS.filter(([effort]) => effort === null || can.includes(effort)).map(
      ([
        effort,
        label,
      ]) => html`<label class="choice" key=${label}><input type="radio" name="effort" value=${effort ?? ""} checked=${chosen === effort}
        onChange=${() => onChoose(effort)} /> ${label}</label>`,
    )}
    <p class="quiet choice-row__hint">${modelsWords.effortWords}</p>
  </fieldset>`;
}

/** What the model's refusals have taught. @param {{ model: ModelOffer }} props */
function Learned({ model }) {
  const { models } = useApp();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const forget = async () => {
    setBusy(true);
    setFault("");
    try {
      await models.forgetLearned(model.choice);
      toast(modelsWords.forgotten);
    } catch (error) {
      const { detail, cure } = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      setFault(sentences(detail, cure));
    } finally {
      setBusy(false);
    }
  };
  return html`<div class="model-numbers__learned">
    <p class="quiet">${modelsWords.learned} ${model.learned?.join(" ")}</p>
    <button type="button" class="button button--small" disabled=${busy} onClick=${forget}>${modelsWords.forgetLearned}</button>
    ${fault && html`<p class="field-wrong" role="alert">${fault}</p>`}
  </div>`;
}

/** @param {{ field: Field, text: string, automatic: string, wrong: string, onWrite: (text: string) => void }} props */
function NumberField({ field, text, automatic, wrong, onWrite }) {
  const { key, label } = field;
  const hint = field.hint();
  const id = `at-${label.toLowerCase().replaceAll(" ", "-")}`;
  return html`<div class="field-group">
    <label for=${id}>${label}</label>
    <input id=${id} name=${key} class="field" inputmode="decimal" value=${text} spellcheck=${false} placeholder=${automatic ? modelsWords.automaticValue(automatic) : modelsWords.automaticShort}
      aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? `${id}-wrong` : hint ? `${id}-hint` : undefined}
      onInput=${(/** @type {any} */ event) => onWrite(event.currentTarget.value)} />
    ${wrong ? html`<p class="field-wrong" id=${`${id}-wrong`} role="alert">${wrong}</p>` : hint && html`<p class="quiet" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}
