import { html } from "../html.js";
import { controlsIn } from "../models/cures.js";
import { modelChooserOpen } from "../state/models/model_chooser.js";

/**
 * The controls that a cure names, as buttons.
 * @param {{ cure: string | null | undefined }} props
 */
export function CureControls({ cure }) {
  return controlsIn(cure).map((control) =>
    "href" in control
      ? html`<a key=${control.label} class="button button--small" href=${control.href}>${control.label}</a>`
      : html`<button key=${control.label} type="button" class="button button--small" onClick=${() => (modelChooserOpen.value = true)}>${control.label}</button>`,
  );
}
