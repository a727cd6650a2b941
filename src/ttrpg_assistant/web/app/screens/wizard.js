import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { newId } from "../identity.js";
import { STEPS, isAnswered, stepAt } from "../models/wizard_steps.js";
import { ConversationPanel } from "../components/talk/conversation_panel.js";
import { Icon } from "../components/icon.js";
import { StepForm } from "../components/wizard/step_form.js";
import { clock, playDayWords } from "../models/play_days.js";
import { navigate } from "../router.js";
import { useApp } from "../state/app.js";
import { attempt, toast } from "../state/notices.js";
import { WizardSheet } from "../state/campaign/wizard_sheet.js";
import { wizard as t } from "../words/en/wizard.js";
import { controls } from "../words/en/controls.js";

/** @typedef {import("../state/campaign/wizard_sheet.js").Wizard} Wizard */

/** A campaign in eight steps; one that was left unfinished is resumed. */
export default function WizardScreen() {
  const { api } = useApp();
  const [left, setLeft] = useState(/** @type {Wizard[] | null} */ (null));
  const [wizard, setWizard] = useState(/** @type {Wizard | null} */ (null));
  const begin = () => attempt(async () => setWizard(await api.post("/api/wizards", { id: newId() })));
  const look = () =>
    attempt(async () => {
      const { wizards } = await api.get("/api/wizards");
      const begun = wizards.filter(
        (/** @type {Wizard} */ each) => Object.keys(each.answers).length > 0 || each.thread_id,
      );
      setLeft(begun);
      if (begun.length === 0) wizards[0] ? setWizard(wizards[0]) : await begin();
    });
  useEffect(() => void look(), []);
  if (wizard) return html`<${Steps} key=${wizard.id} wizard=${wizard} />`;
  if (!left || left.length === 0) return html`<div class="book"><div class="book__page"></div></div>`;
  return html`<div class="book"><div class="book__page">
    <h1 class="book__title">${t.unfinished}</h1>
    <ul class="past">${left.map(
      (each) => html`<li key=${each.id}><button type="button" class="past__item" onClick=${() => setWizard(each)}>
      <span class="past__title">${each.answers.basics?.name || t.unnamed}</span>
      <span class="past__facts">${leftAt(each)}</span>
    </button></li>`,
    )}</ul>
    <button type="button" class="button" onClick=${begin}><${Icon} name="plus" /> ${t.startAnother}</button>
  </div></div>`;
}

/** @param {{ wizard: Wizard }} props */
function Steps({ wizard }) {
  const app = useApp();
  const sheet = useMemo(() => new WizardSheet(app, wizard), [app, wizard.id]);
  const [talking, setTalking] = useState(false);
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => sheet.attend(), [sheet]);
  const at = stepAt(sheet.step.value);
  const step = STEPS[at];
  const go = (/** @type {number} */ to) => {
    sheet.go(STEPS[to].id);
    head.current?.focus();
  };
  const talk = () =>
    attempt(async () => {
      if (!talking && !sheet.wizard.value.thread_id) {
        const made = await app.api.post("/api/threads", {
          purpose: "campaign_creation",
          wizard_id: wizard.id,
          id: newId(),
        });
        await sheet.link(made.id);
      }
      setTalking(!talking);
    });
  const finish = async () => {
    const made = await sheet.finish();
    if (made) navigate(`/campaigns/${made.id}`);
  };
  const discard = () =>
    attempt(async () => {
      await app.api.post(`/api/wizards/${wizard.id}/discard`);
      toast(t.discarded, { label: controls.undo, run: () => app.api.post(`/api/wizards/${wizard.id}/resume`) });
      navigate("/campaigns");
    });
  const thread = sheet.wizard.value.thread_id;
  return html`<div class="wizard" data-talking=${talking ? "true" : "false"}>
    <nav class="wizard__steps" aria-label=${t.steps}><ol>
      ${STEPS.map(
        (
          each,
          index,
        ) => html`<li key=${each.id}><button type="button" class="wizard__step" aria-current=${index === at ? "step" : undefined} onClick=${() => go(index)}>
        <span class="wizard__number" aria-hidden="true">${each.fields.some((field) => isAnswered(sheet.answers.value[`${each.id}.${field.name}`])) ? html`<${Icon} name="check" />` : index + 1}</span>
        <span>${each.title}</span></button></li>`,
      )}
    </ol></nav>
    <section class="wizard__page" aria-labelledby="wizard-title">
      <header class="wizard__head">
        <h1 class="book__title" id="wizard-title" tabindex="-1" ref=${head}>${step.title}</h1>
        <p class="quiet">${step.words}</p>
      </header>
      <${StepForm} key=${step.id} sheet=${sheet} step=${step} />
      <footer class="wizard__foot">
        <p class="quiet" role="status">${SAVING[sheet.saveState.value]}</p>
        <div class="button-row">
          <button type="button" class="button" aria-pressed=${talking ? "true" : "false"} onClick=${talk}><${Icon} name="messages-square" /> ${t.askAssistant}</button>
          ${at > 0 && html`<button type="button" class="button" onClick=${() => go(at - 1)}>${t.back}</button>`}
          ${
            at < STEPS.length - 1
              ? html`<button type="button" class="button button--accent" onClick=${() => go(at + 1)}>${t.next}</button>`
              : html`<button type="button" class="button button--accent" onClick=${finish}>${t.create}</button>`
          }
        </div>
        ${sheet.trouble.value && html`<p class="note note--trouble" role="alert">${sheet.trouble.value}</p>`}
        <button type="button" class="link-button" onClick=${discard}>${t.discard}</button>
      </footer>
    </section>
    ${talking && thread && html`<aside class="wizard__talk" aria-label=${t.askAssistant}><${ConversationPanel} kind="thread" conversationId=${thread} /></aside>`}
  </div>`;
}

/** At which step, and when, a wizard was left. @param {Wizard} wizard */
function leftAt(wizard) {
  const moment = new Date(wizard.updated_at);
  return t.left(STEPS[stepAt(wizard.step)].title, playDayWords(moment, new Date()), clock(moment));
}

const SAVING = { saved: controls.saved, saving: controls.saving, waiting: t.onDevice };
