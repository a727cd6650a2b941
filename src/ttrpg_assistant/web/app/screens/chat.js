import { useLayoutEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { keyOf, registerKeys } from "../keys.js";
import { dayInSentence } from "../models/play_days.js";
import { ChatMenu } from "../components/talk/chat_menu.js";
import { EmptyChat } from "../components/talk/empty_chat.js";
import { IconButton } from "../components/icon.js";
import { PastChats } from "../components/conversations/past_chats.js";
import { useTalkNaming } from "../components/talk/talk_naming.js";
import { Speaking } from "../components/talk/speaking.js";
import { TalkPanel, phaseOf } from "../components/talk/talk_panel.js";
import { useActiveChat } from "../state/conversations/active_chat.js";
import { beginAnew, turnoverOf } from "../state/conversations/chat_actions.js";
import { useApp } from "../state/app.js";
import { conversations } from "../words/en/conversations.js";
import { dates } from "../words/en/dates.js";

/** The chat that is open now. */
export default function ChatScreen() {
  return html`<${ActiveChat} key=${turnoverOf(null)} />`;
}

function ActiveChat() {
  const talk = useActiveChat();
  const [pastOpen, setPastOpen] = useState(false);

  useLayoutEffect(
    () =>
      registerKeys({
        keys: "Ctrl Shift H",
        what: conversations.past,
        whileTyping: true,
        when: (event) => event.ctrlKey && event.shiftKey && keyOf(event).toLowerCase() === "h",
        run: () => setPastOpen(true),
      }),
    [],
  );

  return html`<section class="talk" data-phase=${phaseOf(talk)}>
    <${Head} talk=${talk} onPast=${() => setPastOpen(true)} />
    <${TalkPanel} talk=${talk} empty=${html`<${EmptyChat} />`} below=${html`<${Speaking} />`} />
    ${pastOpen && html`<${PastChats} onClose=${() => setPastOpen(false)} />`}
  </section>`;
}

/** @param {{ talk: import("../state/talk/talk.js").Talk, onPast: () => void }} props */
function Head({ talk, onPast }) {
  const app = useApp();
  const conversation = talk.conversation.value;
  const form = useTalkNaming(talk, conversation?.title ?? "");
  const since = conversation && dayInSentence(new Date(conversation.created_at));
  return html`<header class="talk__head">
    ${form ?? html`<h1 class="talk__title">${conversation?.title ?? conversations.quickChat}</h1>`}
    ${!form && since && since !== dates.todayInSentence && html`<span class="talk__since">${conversations.since(since)}</span>`}
    ${
      !form &&
      html`<div class="talk__tools">
      <${IconButton} icon="history" label=${conversations.past} onClick=${onPast} />
      <${IconButton} icon="message-square-plus" label=${conversations.startNew} onClick=${() => beginAnew(app)} />
      <${ChatMenu} talk=${talk} />
    </div>`
    }
  </header>`;
}
