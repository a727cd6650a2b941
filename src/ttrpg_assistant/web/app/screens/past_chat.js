import { useEffect, useMemo } from "preact/hooks";
import { html } from "../html.js";
import { ChatMenu } from "../components/talk/chat_menu.js";
import { IconButton } from "../components/icon.js";
import { LoadFailed, Loading } from "../components/loading.js";
import { attempt } from "../state/notices.js";
import { useTalkNaming } from "../components/talk/talk_naming.js";
import { TimelineView } from "../components/talk/timeline.js";
import { navigate, query } from "../router.js";
import { openChatPath, resume } from "../state/conversations/chat_actions.js";
import { useApp } from "../state/app.js";
import { pastChat } from "../state/conversations/conversation_openers.js";
import { chatTitle } from "../state/palette/page_commands.js";
import { useLinkedMessage } from "../state/talk/linked_message.js";
import { Talk } from "../state/talk/talk.js";
import { conversations } from "../words/en/conversations.js";

/** An earlier chat, to be read, or taken up again. @param {{ id: string }} props */
export default function PastChatScreen({ id }) {
  const app = useApp();
  const talk = useMemo(() => new Talk(app, pastChat(id)), [app, id]);
  useLinkedMessage(talk);
  useEffect(() => {
    talk.open();
    return () => talk.close();
  }, [talk]);

  const phase = talk.phase.value;
  const conversation = talk.conversation.value;
  const form = useTalkNaming(talk, conversation?.title ?? "");
  const active = conversation?.status === "active";
  const home = openChatPath(conversation?.campaign_id);
  useEffect(() => {
    // The open one is read where it goes on.
    const message = new URLSearchParams(query.peek()).get("message");
    if (active && message) navigate(`${home}?message=${message}`, { replace: true });
  }, [active]);
  return html`<section class="talk talk--past" data-phase=${phase}>
    <header class="talk__head">
      <${IconButton} icon="arrow-left" label=${conversations.back} onClick=${() => navigate(home)} />
      ${form ?? html`<h1 class="talk__title">${conversation ? chatTitle(conversation) : conversations.pastOne}</h1>`}
      <div class="talk__tools"><${ChatMenu} talk=${talk} /></div>
    </header>
    ${phase === "loading" && html`<${Loading} />`}
    ${phase === "failed" && html`<${LoadFailed} fault=${talk.fault.value} onRetry=${() => talk.load()} />`}
    ${
      phase === "ready" &&
      html`<${TimelineView} talk=${talk}><p class="empty">${conversations.empty}</p></${TimelineView}>
      <div class="past-foot">
        <p>${active ? conversations.isOpen : conversations.hasEnded}</p>
        <button type="button" class="button button--accent" onClick=${() => (active ? navigate(home) : attempt(() => resume(app, id)))}>
          ${active ? conversations.goToOpen : conversations.resume}</button>
      </div>`
    }
  </section>`;
}
