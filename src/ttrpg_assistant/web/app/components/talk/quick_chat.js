import { html } from "../../html.js";
import { useActiveChat } from "../../state/conversations/active_chat.js";
import { EmptyChat } from "./empty_chat.js";
import { Speaking } from "./speaking.js";
import { TalkPanel, phaseOf } from "./talk_panel.js";

/** The quick chat without a head, for beside other things. Key it by `turnoverOf` no campaign. */
export function QuickChat() {
  const talk = useActiveChat();
  return html`<section class="talk" data-phase=${phaseOf(talk)}>
    <${TalkPanel} talk=${talk} empty=${html`<${EmptyChat} />`} below=${html`<${Speaking} />`} />
  </section>`;
}
