import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "../html.js";
import { registerKeys } from "../keys.js";
import { eveningWords } from "../models/evenings.js";
import { Composer } from "../components/composer.js";
import { ChatMenu } from "../components/chat_menu.js";
import { EmptyChat } from "../components/empty_chat.js";
import { IconButton } from "../components/icon.js";
import { LoadFailed, Loading } from "../components/loading.js";
import { attempt } from "../components/message_actions.js";
import { PastChats } from "../components/past_chats.js";
import { Speaking } from "../components/speaking.js";
import { TimelineView } from "../components/timeline.js";
import { beginAnew, chatTurnover, isOwnDoing } from "../state/chat_deeds.js";
import { useDesk } from "../state/desk.js";
import { activeChat } from "../state/doors.js";
import { toast } from "../state/notices.js";
import { Talk } from "../state/talk.js";

/** The chat that is open now. */
export default function ChatScreen() {
  return html`<${ActiveChat} key=${chatTurnover.value} />`;
}

function ActiveChat() {
  const desk = useDesk();
  const talk = useMemo(() => new Talk(desk, activeChat), [desk]);
  const [editing, setEditing] = useState(/** @type {import("../components/composer.js").Editing} */ (null));
  const [pastOpen, setPastOpen] = useState(false);

  useEffect(() => {
    talk.open();
    return () => talk.close();
  }, [talk]);
  useEffect(() => attendTurnover(desk, talk), [desk, talk]);
  useEffect(
    () =>
      registerKeys({
        keys: "Ctrl Shift H",
        what: "Past conversations",
        whileTyping: true,
        when: (event) => event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "h",
        run: () => setPastOpen(true),
      }),
    [],
  );
  useEffect(
    () =>
      registerKeys({
        keys: "",
        what: "",
        whileTyping: true,
        when: (event) => event.key === "Escape" && talk.streaming.value && !document.querySelector("dialog[open]"),
        run: () => attempt(() => talk.stop()),
      }),
    [talk],
  );

  const edit = async (/** @type {import("../types.js").Entry} */ entry) => {
    if (entry.pending) await desk.outbox?.discard(entry.id);
    setEditing({ id: entry.pending ? null : entry.id, text: entry.message.content });
  };
  const editLast = () => {
    const last = talk.entries.value.findLast((entry) => entry.message.role === "user" && !entry.pending);
    if (!last || talk.streaming.value) return false;
    edit(last);
    return true;
  };

  const phase = talk.phase.value;
  return html`<section class="talk" data-phase=${phase === "ready" && talk.streaming.value ? "streaming" : phase}>
    <${Head} talk=${talk} onPast=${() => setPastOpen(true)} />
    ${phase === "loading" && html`<${Loading} />`}
    ${phase === "failed" && html`<${LoadFailed} fault=${talk.fault.value} onRetry=${() => talk.load()} />`}
    ${phase === "ready" &&
    html`<${TimelineView} talk=${talk} onEdit=${edit}><${EmptyChat} /></${TimelineView}>`}
    <${Composer} talk=${talk} editing=${editing} onEditLast=${editLast} onEdited=${() => setEditing(null)}>
      <${Speaking} />
    </${Composer}>
    ${pastOpen && html`<${PastChats} onClose=${() => setPastOpen(false)} />`}
  </section>`;
}

/** @param {{ talk: Talk, onPast: () => void }} props */
function Head({ talk, onPast }) {
  const desk = useDesk();
  const conversation = talk.conversation.value;
  const since = conversation && eveningWords(new Date(conversation.created_at), new Date());
  return html`<header class="talk__head">
    <h1 class="talk__title">${conversation?.title ?? "At the desk"}</h1>
    ${since && since !== "Today" && html`<span class="talk__since">since ${since.replace("Yesterday", "yesterday")}</span>`}
    <div class="talk__tools">
      <${IconButton} icon="history" label="Past conversations" onClick=${onPast} />
      <${IconButton} icon="message-square-plus" label="End this conversation and begin anew" onClick=${() => beginAnew(desk)} />
      <${ChatMenu} talk=${talk} />
    </div>
  </header>`;
}

/**
 * The chat may be ended, or another taken up, in another window: this one follows, and takes what
 * is being written along.
 * @param {import("../state/desk.js").Desk} desk @param {Talk} talk
 */
function attendTurnover(desk, talk) {
  const look = async () => {
    const ours = talk.id;
    if (ours === null || isOwnDoing()) return;
    const active = await attempt(() => desk.api.get("/api/chat-sessions/active"));
    if (!active || active.id === ours || talk.id !== ours || isOwnDoing()) return;
    const draft = desk.drafts.get(ours);
    if (draft.text && !draft.sending && !desk.drafts.get(active.id).text) desk.drafts.keep(active.id, draft);
    chatTurnover.value += 1;
    toast("Another conversation was opened in another window.");
  };
  return desk.attend({
    onHint: (hint) => {
      if (hint.event === "conversation" && hint.kind === "chat" && hint.id !== talk.id) look();
    },
  });
}
