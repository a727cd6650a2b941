import { html } from "../../html.js";
import { SIZES, textSize, theme, THEMES } from "../../state/preferences.js";
import { settings } from "../../words/en/settings.js";

/** Light, dark and text size, on this device. */
export function Appearance() {
  return html`
    <fieldset class="choice-row">
      <legend>${settings.theme}</legend>
      ${THEMES.map(
        ({ value, label }) => html`<label class=${`choice choice--${value}`}>
          <input type="radio" name="theme" value=${value} checked=${theme.value === value} onChange=${() => (theme.value = value)} />
          <span class="choice__swatch" aria-hidden="true"><i></i><i></i></span><span>${label}</span></label>`,
      )}
    </fieldset>
    <fieldset class="choice-row">
      <legend>${settings.textSize}</legend>
      ${SIZES.map(
        (
          size,
        ) => html`<label class="choice choice--size"><input type="radio" name="size" value=${size} checked=${textSize.value === size}
          onChange=${() => (textSize.value = size)} /><span>${size} %</span></label>`,
      )}
    </fieldset>`;
}
