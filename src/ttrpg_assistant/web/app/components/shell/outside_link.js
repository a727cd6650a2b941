import { html } from "../../html.js";
import { asked } from "../../links.js";
import { Dialog } from "../dialog.js";
import { shell } from "../../words/en/shell.js";

/** Shows where a link outside leads before it is followed. */
export function OutsideLink() {
  const address = asked.value;
  if (address === null) return null;
  const close = () => (asked.value = null);
  return html`<${Dialog} title=${shell.leaveTitle} onClose=${close}>
    <p class="dialog__text">${shell.leaveText}</p>
    <p class="outside-address">${address}</p>
    <div class="button-row button-row--end">
      <button type="button" class="button" onClick=${close}>${shell.stay}</button>
      <a class="button button--accent" href=${address} target="_blank" rel="noopener noreferrer nofollow"
        onClick=${() => setTimeout(close)}>${shell.openLink}</a>
    </div>
  </${Dialog}>`;
}
