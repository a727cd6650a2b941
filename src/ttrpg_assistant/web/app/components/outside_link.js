import { html } from "../html.js";
import { asked } from "../links.js";
import { Dialog } from "./dialog.js";

/** Shows where a link outside leads before it is followed. */
export function OutsideLink() {
  const address = asked.value;
  if (address === null) return null;
  const close = () => (asked.value = null);
  return html`<${Dialog} title="Leave for another site?" onClose=${close}>
    <p class="dialog__text">This link was written in the talk and leads to</p>
    <p class="outside-address">${address}</p>
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${close}>Stay here</button>
      <a class="button button--accent" href=${address} target="_blank" rel="noopener noreferrer nofollow"
        onClick=${() => setTimeout(close)}>Open it</a>
    </div>
  </${Dialog}>`;
}
