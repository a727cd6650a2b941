import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "../../html.js";
import { query } from "../../router.js";
import { monotonicNow } from "../../monotonic.js";
import { useFetched } from "../../state/fetched.js";
import { markRead } from "../../state/conversations/conversation_actions.js";
import { useTalk } from "../../state/conversations/open_conversations.js";
import { useApp } from "../../state/app.js";
import { npcTalk } from "../../state/conversations/conversation_openers.js";
import { rememberMode, modeOf } from "../../state/talk/npc_mode.js";
import { rememberRehearsal, openRehearsal } from "../../state/talk/rehearsal.js";
import { ChatMenu } from "../talk/chat_menu.js";
import { IconButton } from "../icon.js";
import { attempt, toast } from "../../state/notices.js";
import { Speaking } from "../talk/speaking.js";
import { TalkPanel, phaseOf } from "../talk/talk_panel.js";
import { useMarkRead } from "../talk/use_mark_read.js";
import { useCooldown } from "./cooldown.js";
import { EmptyNpcTalk } from "./empty_npc_talk.js";
import { SaveLineAction } from "./save_line.js";
import { ModeToggle } from "./mode_toggle.js";
import { NpcTalkHistory } from "./npc_talk_history.js";
import { RehearsalPanel } from "./rehearsal_panel.js";
import { npc as t } from "../../words/en/npc.js";

/**
 * A conversation about an NPC and as the NPC, in one timeline. The latest one is opened again.
 *
 * @param {{ npcId: string, campaignId?: string, conversationId?: string, onClose?: () => void }} props
 */
export function NpcTalkPanel({ npcId, campaignId, conversationId, onClose }) {
  const app = useApp();
  const [chosen, setChosen] = useState(/** @type {string | null} */ (conversationId ?? openRehearsal(npcId)));
  const [history, setHistory] = useState(false);
  const asked = askedOf(npcId);
  useEffect(() => {
    if (asked) setChosen(asked);
  }, [asked]);
  const { value: npc } = useFetched(
    (signal) => app.api.get(`/api/npcs/${npcId}`, { signal }),
    [npcId],
    (hint) => hint.event === "campaign",
  );
  const begin = () =>
    attempt(async () => {
      await app.api.post(`/api/npcs/${npcId}/conversations`, campaignId ? { campaign_id: campaignId } : {});
      app.openConversations.drop(latestKey(npcId));
      setHistory(false);
      setChosen(`latest:${monotonicNow()}`);
    });
  const rehearse = () =>
    attempt(async () => {
      const made = await app.api.post(`/api/npcs/${npcId}/rehearsals`);
      rememberRehearsal(npcId, made.id);
      setHistory(false);
      setChosen(made.id);
    });
  const leave = () => {
    rememberRehearsal(npcId, null);
    setChosen(null);
  };
  const id = chosen?.startsWith("latest") ? null : chosen;
  return html`<div class="npc-talk">
    <${OneTalk} key=${chosen} npcId=${npcId} campaignId=${campaignId ?? npc?.campaign_id} id=${id} name=${npc?.name ?? t.thisNpc}
      onHistory=${() => setHistory(true)} onNew=${begin} onRehearse=${rehearse} onLeave=${leave} onClose=${onClose} />
    ${
      history &&
      html`<${NpcTalkHistory} npcId=${npcId} name=${npc?.name ?? t.thisNpc} onNew=${begin} onClose=${() => setHistory(false)}
      onRehearse=${rehearse} onOpen=${(/** @type {string} */ one) => {
        setHistory(false);
        setChosen(one);
      }} />`
    }
  </div>`;
}

/** The conversation with this NPC that the address of a table asks for. @param {string} npcId */
function askedOf(npcId) {
  const wanted = new URLSearchParams(query.value);
  return wanted.get("npc") === npcId ? wanted.get("conversation") : null;
}

/** @param {string} npcId */
const latestKey = (npcId) => `npc-${npcId}-latest`;

/**
 * @param {{ npcId: string, campaignId?: string, id: string | null, name: string, onHistory: () => void,
 *   onNew: () => void, onRehearse: () => void, onLeave: () => void, onClose?: () => void }} props
 */
function OneTalk({ onLeave, ...props }) {
  const { npcId, campaignId, id, name } = props;
  const app = useApp();
  const talk = useTalk(app, id ? `npc-${npcId}-${id}` : latestKey(npcId), () => npcTalk(npcId, campaignId ?? null, id));
  if (talk.conversation.value?.purpose === "rehearsal")
    return html`<${RehearsalPanel} talk=${talk} name=${name} onLeave=${onLeave} />`;
  return html`<${OrdinaryTalk} talk=${talk} ...${props} />`;
}

/**
 * @param {{ talk: import("../../state/talk/talk.js").Talk, npcId: string, campaignId?: string, name: string, onHistory: () => void,
 *   onNew: () => void, onRehearse: () => void, onClose?: () => void }} props
 */
function OrdinaryTalk({ talk, npcId, campaignId, name, onHistory, onNew, onRehearse, onClose }) {
  const app = useApp();
  const chosen = modeOf(npcId);
  // A message that is edited keeps its mode: what was said about an NPC is not said to it.
  const said = talk.editing.value?.mode;
  const mode = said ?? chosen;
  const left = useCooldown(talk, mode);
  useMarkRead(talk, (conversation) => markRead(app, conversation));
  const voices = useMemo(
    () => ({
      name: (/** @type {import("../../types.js").Message} */ said) => (said.mode === "as" ? name : t.assistant),
      modes: { about: t.about(name), as: t.speakingAs(name) },
      mark: (/** @type {import("../../types.js").Message} */ said) =>
        said.role === "assistant" && said.mode === "as" && campaignId
          ? { place: 0, letters: "", heardBy: "", portrait: { campaignId, thingId: npcId } }
          : null,
      Actions: SaveLineAction,
    }),
    [name, npcId, campaignId],
  );
  const choose = (/** @type {"about" | "as"} */ wanted) => {
    if (said) return wanted !== said && toast(t.editKeepsMode);
    rememberMode(npcId, wanted);
  };
  const hold = left === 0 ? "" : mode === "as" ? t.asWait(name) : t.aboutWait(name);
  return html`<div class="talk" data-phase=${phaseOf(talk)} data-conversation-id=${talk.id ?? ""} data-mode=${mode}>
    <header class="npc-talk__head">
      <${ModeToggle} mode=${mode} name=${name} left=${left} onMode=${choose} />
      <div class="npc-talk__tools">
        <${IconButton} icon="play" label=${t.rehearseOne(name)} class="npc-talk__rehearse" onClick=${onRehearse} />
        <${IconButton} icon="history" label=${t.conversationsWith(name)} onClick=${onHistory} />
        <${IconButton} icon="message-square-plus" label=${t.newConversationWith(name)} onClick=${onNew} />
        <${ChatMenu} talk=${talk} voices=${voices} />
        ${onClose && html`<${IconButton} icon="x" label=${t.closeTab} onClick=${onClose} />`}
      </div>
    </header>
    <${TalkPanel} talk=${talk} mode=${mode} voices=${voices} hold=${hold}
      placeholder=${mode === "as" ? t.asPlaceholder(name) : t.aboutPlaceholder(name)}
      empty=${html`<${EmptyNpcTalk} name=${name} mode=${mode} />`} below=${html`<${Speaking} />`} />
  </div>`;
}
