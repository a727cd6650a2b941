import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useVoices } from "../../state/talk/voices.js";
import { Icon } from "../icon.js";
import { VoicesDialog } from "../voices/voices_dialog.js";
import { settings } from "../../words/en/settings.js";

/** The voices that the assistant can have in a thread. */
export function Voices() {
  const { voices } = useVoices();
  const [open, setOpen] = useState(false);
  const names = voices?.map(({ name, is_waiting: waits }) => (waits ? settings.voiceNotAccepted(name) : name));
  return html`<p>${settings.voicesWords} ${names && settings.voiceList(names.join(", "))}</p>
    <div class="button-row"><button type="button" class="button" onClick=${() => setOpen(true)}><${Icon} name="feather" /> ${settings.changeVoices}</button></div>
    ${open && html`<${VoicesDialog} onClose=${() => setOpen(false)} />`}`;
}
