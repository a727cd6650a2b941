import { html } from "../html.js";

/** An icon of the vendored set, drawn in the colour of the text. @param {{ name: string, label?: string }} props */
export function Icon({ name, label }) {
  return label
    ? html`<span class="icon icon--${name}" role="img" aria-label=${label}></span>`
    : html`<span class="icon icon--${name}" aria-hidden="true"></span>`;
}

/**
 * A button that is only an icon: its name is for screen readers and the tooltip.
 * @param {{ icon: string, label: string, onClick: (event: MouseEvent) => void, class?: string,
 *   disabled?: boolean, pressed?: boolean }} props
 */
export function IconButton({ icon, label, onClick, class: extra = "", disabled, pressed }) {
  return html`<button type="button" class="icon-button ${extra}" aria-label=${label} title=${label}
    aria-pressed=${pressed} disabled=${disabled} onClick=${onClick}><${Icon} name=${icon} /></button>`;
}
