import { html } from "../html.js";
import { modelName } from "../models/model_list.js";
import { useApp } from "../state/app.js";
import { modelChooserOpen } from "../state/model_chooser.js";

/** Which model answers, in one plain line; a press chooses another. */
export function Speaking() {
  const { models } = useApp();
  const current = models.current.value;
  if (current === null) return null;
  const choose = () => (modelChooserOpen.value = true);
  if (models.offline.value) {
    return html`<p class="speaking">Built-in model: answers from what you have written here. ${" "}
      <button type="button" class="link-button" onClick=${choose}>Choose a model</button></p>`;
  }
  return html`<p class="speaking">Model: <button type="button" class="link-button" title="Choose another model" onClick=${choose}>${modelName(current)}</button></p>`;
}
