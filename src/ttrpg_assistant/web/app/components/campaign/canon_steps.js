import { html } from "../../html.js";
import { press } from "../../state/campaign/campaign_actions.js";
import { nameOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { toast } from "../../state/notices.js";
import { canonField } from "../../models/canon.js";
import { canon as t } from "../../words/en/canon.js";
import { controls } from "../../words/en/controls.js";

/**
 * How far a thing is part of the story: one press moves it, and another takes that back.
 *
 * @typedef {import("../../state/campaign/campaign_kinds.js").Kind} Kind
 *
 * @param {{ kind: Kind, entity: any, gameSession?: any, onMoved?: (step: string, saved: any) => void }} props
 *   `gameSession`: where it happens when it happens now
 */
export function CanonSteps({ kind, entity, gameSession, onMoved }) {
  const app = useApp();
  const field = canonField(kind);
  if (!field) return null;
  const now = entity[field.name];
  const move = async (/** @type {string} */ step) => {
    if (step === now) return;
    const at = step === "happened" && gameSession ? { game_session_id: gameSession.id } : {};
    const saved = await press(app, kind, entity, { [field.name]: step, ...at });
    if (!saved) return;
    const before = { [field.name]: now, game_session_id: entity.game_session_id };
    const words = field.options?.find(([option]) => option === step)?.[1] ?? step;
    toast(t.moved(nameOf(kind, entity), words), { label: controls.undo, run: () => press(app, kind, saved, before) });
    onMoved?.(step, saved);
  };
  return html`<div class="steps" role="group" aria-label=${t.stepsOf(field.label, nameOf(kind, entity))}>
    ${field.options
      ?.filter(([step]) => step !== "retconned" || now === "happened" || now === "retconned")
      .map(
        ([step, words]) => html`<button key=${step} type="button" class=${`steps__step steps__step--${step}`}
        aria-pressed=${step === now ? "true" : "false"} onClick=${() => move(step)}>${words}</button>`,
      )}
  </div>`;
}
