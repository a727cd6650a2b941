import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useVoices } from "../../state/voices.js";
import { Icon } from "../icon.js";
import { VoicesDialog } from "../voices/voices_dialog.js";

/** The voices that the assistant can have in a thread. */
export function Voices() {
  const { voices } = useVoices();
  const [open, setOpen] = useState(false);
  const names = voices?.map(({ name, is_waiting: waits }) => (waits ? `${name} (not accepted yet)` : name));
  return html`<p>A voice is how the assistant writes in a thread: ${names ? `${names.join(", ")}.` : "…"} Choose it at the top of the thread.</p>
    <div class="button-row"><button type="button" class="button" onClick=${() => setOpen(true)}><${Icon} name="feather" /> Change or add voices</button></div>
    ${open && html`<${VoicesDialog} onClose=${() => setOpen(false)} />`}`;
}
