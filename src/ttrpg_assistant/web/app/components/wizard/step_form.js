import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { STEPS, isAnswered, tidied } from "../../models/wizard_steps.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { FieldEditor } from "../campaign/field_editor.js";
import { EntityRows } from "./entity_rows.js";
import { wizard as t } from "../../words/en/wizard.js";

/**
 * @typedef {import("../../state/campaign/wizard_sheet.js").WizardSheet} WizardSheet
 * @typedef {import("../../models/wizard_steps.js").Step} Step
 */

const NONE = { things: [] };

/** One step: its fields, each with the question worth asking oneself. @param {{ sheet: WizardSheet, step: Step }} props */
export function StepForm({ sheet, step }) {
  const { api } = useApp();
  const [questions, setQuestions] = useState(/** @type {Record<string, string>} */ ({}));
  useEffect(() => {
    attempt(async () => {
      const found = await api.get(`/api/wizards/${sheet.id}/questions?step=${step.id}`);
      setQuestions(Object.fromEntries(found.questions.map((/** @type {any} */ each) => [each.field, each.question])));
    });
  }, [step.id]);
  const answers = sheet.answers.value;
  return html`<div class="wizard__fields">
    ${step.id === "review" && html`<${Summary} answers=${answers} />`}
    ${step.fields.map((field) => {
      const name = `${step.id}.${field.name}`;
      const put = (/** @type {any} */ value) => sheet.set(name, value);
      return field.as === "entities"
        ? html`<${EntityRows} key=${name} field=${field} value=${answers[name] ?? []} onChange=${put} />`
        : html`<${FieldEditor} key=${name} field=${{ ...field, hint: questions[name] }} value=${answers[name]} onChange=${put} choices=${NONE} />`;
    })}
  </div>`;
}

/** Everything that was answered. @param {{ answers: Record<string, any> }} props */
function Summary({ answers }) {
  const steps = STEPS.map((step) => ({
    step,
    said: step.fields.filter((field) => field.name !== "notes" && isAnswered(answers[`${step.id}.${field.name}`])),
  }));
  const answered = steps.filter(({ said }) => said.length > 0);
  if (answered.length === 0) return html`<p class="quiet">${t.nothingYet}</p>`;
  return html`<dl class="difference">${answered.flatMap(({ step, said }) =>
    said.map(
      (field) => html`<div class="difference__row" key=${`${step.id}.${field.name}`}><dt>${field.label}</dt>
      <dd><p class="difference__text">${textOf(answers[`${step.id}.${field.name}`])}</p></dd></div>`,
    ),
  )}</dl>`;
}

/** @param {any} value */
function textOf(value) {
  if (!Array.isArray(value)) return String(value);
  return tidied(value)
    .map((/** @type {any} */ each) =>
      typeof each === "string" ? each : Object.values(each).filter(Boolean).join(" – "),
    )
    .join("\n");
}
