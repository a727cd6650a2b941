import { html } from "../html.js";
import { useApp } from "../state/app.js";
import { refusedElsewhere, showRefused } from "../state/refused.js";
import { Icon } from "./icon.js";

/**
 * What a game master has to know about saving: one banner at a time, the gravest first, with its
 * cure as a button.
 */
export function Banner() {
  const app = useApp();
  const { persistence, outdated } = app;
  const waiting = persistence.waiting.value;
  const kept = waiting === 1 ? "One message waits" : `${waiting} messages wait`;
  const retry = { label: "Retry", run: () => app.probe() };

  if (outdated.value) {
    return banner("unavailable", "This page is older than another open one and can no longer keep messages.", {
      label: "Reload",
      run: () => location.reload(),
    });
  }
  if (persistence.state.value === "unavailable") {
    const why = persistence.sentence.value || "Messages cannot be saved at the moment.";
    return banner(
      "unavailable",
      `${why} ${waiting > 0 ? `${kept} on this device and will be saved, in order, when that works again.` : "What you write is kept on this device until it works again."}`,
      retry,
    );
  }
  if (persistence.state.value === "degraded") {
    const why = persistence.connected
      ? persistence.sentence.value || "Saving takes longer than it should."
      : "The assistant is not answering.";
    return banner(
      "degraded",
      `${why} ${waiting > 0 ? `${kept} on this device and will be saved automatically.` : "What you write is kept on this device."}`,
      retry,
    );
  }
  const refused = refusedElsewhere(app);
  if (refused.length > 0) {
    const words =
      refused.length === 1
        ? "A message was refused in another conversation. Its text is kept on this device."
        : `${refused.length} messages were refused in other conversations. Their texts are kept on this device.`;
    return banner("degraded", words, { label: "Show it", run: () => showRefused(app, refused[0]) });
  }
  if (!persistence.durable.value) {
    return banner(
      "degraded",
      "This browser cannot keep unsent messages, so a text stays in the composer until it is saved.",
    );
  }
  if (persistence.lost.value) {
    return banner(
      "degraded",
      "Messages were waiting in this browser to be saved, and its storage has been cleared since. They are gone from this device.",
      { label: "Dismiss", run: () => (persistence.lost.value = false) },
    );
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
