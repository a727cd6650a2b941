import { html } from "../../html.js";
import { modelName } from "../../models/model_list.js";
import { useApp } from "../../state/app.js";
import { modelChooserOpen } from "../../state/models/model_chooser.js";
import { models as modelsWords } from "../../words/en/models.js";

/** Which model answers, in one plain line; a press chooses another. */
export function Speaking() {
  const { models } = useApp();
  const current = models.current.value;
  if (current === null) return null;
  const choose = () => (modelChooserOpen.value = true);
  if (models.offline.value) {
    return html`<p class="speaking">${modelsWords.builtInAnswers} ${" "}
      <button type="button" class="link-button" onClick=${choose}>${modelsWords.choose}</button></p>`;
  }
  return html`<p class="speaking">${modelsWords.current} <button type="button" class="link-button" title=${modelsWords.chooseAnother} onClick=${choose}>${modelName(current)}</button></p>`;
}
