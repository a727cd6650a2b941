import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { changeThread } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { AS_USUAL, useVoices } from "../../state/talk/voices.js";
import { Icon } from "../icon.js";
import { VoicesDialog } from "./voices_dialog.js";
import { voices as t } from "../../words/en/voices.js";

/**
 * The voice of one thread, in its head: says which it is, and lets another be chosen.
 * @param {{ talk: import("../../state/talk/talk.js").Talk, onChanged?: () => void }} props
 */
export function ThreadVoice({ talk, onChanged }) {
  const app = useApp();
  const { voices } = useVoices();
  const [open, setOpen] = useState(false);
  const chosen = talk.conversation.value?.personality ?? null;
  const voice = voices?.find(({ id }) => id === chosen);
  const name = voice?.name ?? AS_USUAL.name;
  const choose = (/** @type {string} */ id) =>
    attempt(async () => {
      setOpen(false);
      if (id === (voice?.id ?? "")) return;
      await changeThread(app, talk, { personality: id });
      onChanged?.();
      toast(t.fromNextAnswer(id ? (voices?.find((one) => one.id === id)?.name ?? t.anotherVoice) : AS_USUAL.name));
    });
  return html`<button type="button" class=${`voice-button ${voice ? "voice-button--own" : ""}`} title=${t.ofThread} aria-label=${t.voice(name)} onClick=${() => setOpen(true)}>
      <${Icon} name="feather" /><span class="voice-button__name">${name}</span></button>
    ${open && html`<${VoicesDialog} chosen=${chosen} onChoose=${choose} onClose=${() => setOpen(false)} />`}`;
}
