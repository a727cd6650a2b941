import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { refusedElsewhere, showRefused } from "../../state/saving/refused.js";
import { Icon } from "../icon.js";
import { controls } from "../../words/en/controls.js";
import { saving } from "../../words/en/saving.js";
import { faults } from "../../words/en/faults.js";

/**
 * What a game master has to know about saving: one banner at a time, the gravest first, with its
 * cure as a button.
 */
export function Banner() {
  const app = useApp();
  const { persistence, outdated } = app;
  const waiting = persistence.waiting.value;
  const retry = { label: controls.retry, run: () => app.probe() };

  if (outdated.value) {
    return banner("unavailable", saving.olderPage, {
      label: controls.reload,
      run: () => location.reload(),
    });
  }
  if (persistence.state.value === "unavailable") {
    const why = persistence.sentence.value || saving.cannotSave;
    return banner("unavailable", `${why} ${saving.keptUntilItWorks(waiting)}`, retry);
  }
  if (persistence.state.value === "degraded") {
    const why = persistence.connected ? persistence.sentence.value || saving.slow : faults.unreachable;
    return banner("degraded", `${why} ${saving.keptMeanwhile(waiting)}`, retry);
  }
  const refused = refusedElsewhere(app);
  if (refused.length > 0) {
    return banner("degraded", saving.refusedElsewhere(refused.length), {
      label: saving.show,
      run: () => showRefused(app, refused[0]),
    });
  }
  if (!persistence.durable.value) {
    return banner("degraded", saving.cannotKeep);
  }
  if (persistence.lost.value) {
    return banner("degraded", saving.storageCleared, {
      label: controls.dismiss,
      run: () => (persistence.lost.value = false),
    });
  }
  return null;
}

/**
 * @param {"degraded" | "unavailable"} kind @param {string} text
 * @param {{ label: string, run: () => unknown }} [cure]
 */
function banner(kind, text, cure) {
  return html`<div class="banner banner--${kind}" role=${kind === "unavailable" ? "alert" : "status"} data-persistence=${kind}>
    <${Icon} name=${kind === "unavailable" ? "circle-alert" : "triangle-alert"} />
    <p>${text}</p>
    ${cure && html`<button type="button" class="button button--small" onClick=${cure.run}>${cure.label}</button>`}
  </div>`;
}
