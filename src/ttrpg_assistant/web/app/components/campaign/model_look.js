import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { attempt } from "../../state/notices.js";
import { sentences } from "../../models/sentences.js";
import { continuity as t } from "../../words/en/continuity.js";
import { controls } from "../../words/en/controls.js";
import { Icon } from "../icon.js";

/**
 * A model's look through the campaign: begun by a press, followed, stopped; without a model what one would add.
 *
 * @typedef {{ status: "reading" | "stopped" | "done", made_by: string, parts: number, done: number, failed: number, left_out: number,
 *   lines_read: number, lines_all: number, error_detail: string | null, error_cure: string | null }} Look
 *
 * @param {{ campaignId: string, isAlone?: boolean }} props `isAlone`: nothing is known to be open
 */
export function ModelLook({ campaignId, isAlone = false }) {
  const { api } = useApp();
  const at = `/api/campaigns/${campaignId}/model-look`;
  const { value, pull, put } = useFetched((signal) => api.get(at, { signal }), [campaignId], ofCampaign(campaignId));
  if (!value || (isAlone && (!value.can_look || value.evenings === 0))) return null;
  const look = /** @type {Look | null} */ (value.look);
  const press = (/** @type {string} */ path, /** @type {Record<string, unknown>} */ body = {}) =>
    attempt(async () => {
      put(await api.post(path, body));
      await pull();
    });
  if (look?.status === "reading") {
    return html`<div class="model-look"><p role="status"><${Icon} name="scroll-text" /> ${t.modelReads(Math.min(look.done + 1, look.parts), look.parts)}</p>
      <progress class="progress" aria-label=${t.modelProgress} max=${Math.max(1, look.parts)} value=${look.done}></progress>
      <button type="button" class="button button--small" onClick=${() => press(`${at}/stop`)}>${controls.stop}</button></div>`;
  }
  if (!value.can_look) {
    return html`<p class="model-look quiet">${t.modelWould} <a href="/settings">${t.chooseModel}</a></p>`;
  }
  return html`<div class="model-look">
    ${look && html`<p class="quiet" role="status">${lookedWords(look, value)}</p>`}
    ${look?.error_detail && html`<p class="note note--trouble">${sentences(look.error_detail, look.error_cure)}</p>`}
    <button type="button" class="button button--small" title=${t.modelWhy} onClick=${() => press(at)}><${Icon} name="sparkles" /> ${!look ? t.letLook : look.status === "stopped" ? t.lookOn : t.lookFurther}</button>
    ${!look && html`<p class="quiet">${t.modelWhy}</p>`}
  </div>`;
}

/** What came of a look. @param {Look} look @param {{ found: number, settled: number }} counts */
function lookedWords(look, { found, settled }) {
  return [
    look.status === "done" ? t.modelLooked(found, settled) : t.modelStopped(found, settled),
    look.lines_read < look.lines_all && t.modelReadPart(look.lines_read, look.lines_all),
    look.left_out > 0 && t.modelLeftOut(look.left_out),
  ]
    .filter(Boolean)
    .join(" ");
}
