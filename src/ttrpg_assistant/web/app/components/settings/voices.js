import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useVoices } from "../../state/voices.js";
import { Icon } from "../icon.js";
import { VoicesDialog } from "../voices/voices_dialog.js";

/** How the assistant can sound in a thread. */
export function Voices() {
  const { voices } = useVoices();
  const [open, setOpen] = useState(false);
  return html`<p>A thread can have a voice of its own: ${voices ? `${voices.map(({ name }) => name).join(", ")}.` : "…"} It is chosen at the head of the thread.</p>
    <div class="button-row"><button type="button" class="button" onClick=${() => setOpen(true)}><${Icon} name="feather" /> Change or add voices</button></div>
    ${open && html`<${VoicesDialog} onClose=${() => setOpen(false)} />`}`;
}
