import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "../../html.js";
import { inWords, lettersOf, nextInTurn, sceneTitle } from "../../models/scene_turns.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { markRead, renameNpcTalk } from "../../state/conversations/conversation_actions.js";
import { useTalk } from "../../state/conversations/open_conversations.js";
import { useApp } from "../../state/app.js";
import { scene as openScene } from "../../state/conversations/conversation_openers.js";
import { attempt } from "../../state/notices.js";
import { registerCommands } from "../../state/palette/palette.js";
import { asideOf } from "../../state/talk/scene_aside.js";
import { ChatMenu } from "../talk/chat_menu.js";
import { IconButton } from "../icon.js";
import { Monogram } from "../monogram.js";
import { Naming } from "../naming.js";
import { SaveLineAction } from "../npc_talk/save_line.js";
import { Speaking } from "../talk/speaking.js";
import { TalkPanel, phaseOf } from "../talk/talk_panel.js";
import { useMarkRead } from "../talk/use_mark_read.js";
import { writeInto } from "../talk/write_into.js";
import { WhoAnswers } from "./who_answers.js";
import { scenes as t } from "../../words/en/scenes.js";

/**
 * One scene: two to five NPCs, each answering from what it knows and heard.
 *
 * @typedef {import("../../models/scene_turns.js").Member} Member
 *
 * @param {{ id: string, onClose?: () => void, onRenamed?: () => void }} props
 */
export function ScenePanel({ id, onClose, onRenamed }) {
  const app = useApp();
  const talk = useTalk(app, `scene-${id}`, () => openScene(id));
  const { value } = useFetched(
    (signal) => app.api.get(`/api/scenes/${id}`, { signal }),
    [id],
    (hint) => ofCampaign(null)(hint) || (hint.event === "conversation" && hint.id === id),
  );
  /** @type {Member[]} */
  const members = value?.members ?? /** @type {any} */ (talk.conversation.value)?.members ?? [];
  useMarkRead(talk, (conversation) => markRead(app, conversation));
  const aside = asideOf(id);
  useEdited(talk, aside);
  useNamed(members, aside);
  const campaign = talk.conversation.value?.campaign_id;
  const voices = useMemo(() => voicesOf(members, campaign), [JSON.stringify(members), campaign]);
  const next = nextInTurn(
    members,
    talk.entries.value.map(({ message }) => message),
  );
  const whispered = members.find((each) => each.npc_id === aside.whisper.value);
  const gone = talk.phase.value === "ready" && value !== null && members.length === 0;
  return html`<section class="talk scene" data-phase=${phaseOf(talk)} data-conversation-id=${id} aria-label=${t.scene}>
    <${SceneHead} id=${id} talk=${talk} voices=${voices} title=${value && sceneTitle(value)} members=${members} onClose=${onClose} onRenamed=${onRenamed} />
    <${TalkPanel} talk=${talk} voices=${voices} mode="as" aside=${aside.value} onSent=${() => aside.sent()}
      hold=${gone ? t.nobodyLeft : ""}
      placeholder=${whispered ? t.whisperTo(whispered.name) : t.placeholder}
      above=${html`<${WhoAnswers} members=${members} aside=${aside} next=${next} />`}
      empty=${html`<${EmptyScene} members=${members} />`} below=${html`<${Speaking} />`} />
  </section>`;
}

/**
 * @param {{ id: string, talk: import("../../state/talk/talk.js").Talk, voices: import("../talk/message.js").Voices, title: string | null,
 *   members: Member[], onClose?: () => void, onRenamed?: () => void }} props
 */
function SceneHead({ id, talk, voices, title, members, onClose, onRenamed }) {
  const app = useApp();
  const [naming, setNaming] = useState(false);
  const rename = (/** @type {string} */ wanted) =>
    attempt(async () => {
      setNaming(false);
      await renameNpcTalk(app, id, wanted);
      onRenamed?.();
    });
  if (naming)
    return html`<header class="talk__head"><${Naming} title=${title ?? ""} onName=${rename} onCancel=${() => setNaming(false)} /></header>`;
  return html`<header class="talk__head">
    <h2 class="talk__title">${title ?? " "}</h2>
    <ul class="scene__cast" aria-label=${t.inThisScene}>
      ${members.map(({ npc_id: npc, name }, place) => html`<li key=${npc}><a href=${`/npcs/${npc}`} title=${name} aria-label=${name}><${Monogram} name=${name} place=${place} /></a></li>`)}
    </ul>
    <div class="talk__tools">
      <${IconButton} icon="pencil" label=${t.rename} onClick=${() => setNaming(true)} />
      <${ChatMenu} talk=${talk} voices=${voices} />
      ${onClose && html`<${IconButton} icon="x" label=${t.closeTab} onClick=${onClose} />`}
    </div>
  </header>`;
}

/** @param {{ members: Member[] }} props */
function EmptyScene({ members }) {
  if (members.length === 0) return null;
  const [first, second] = members.map(({ name }) => name);
  const tries = [t.tryHello, t.tryCompany(first), t.tryReply(second ?? first)];
  return html`<div class="empty">
    <h3 class="empty__title">${t.emptyTitle}</h3>
    <p>${t.emptyIntro(inWords(members.map(({ name }) => name)))}</p>
    <ul class="empty__tries">
      ${tries.map((text) => html`<li><button type="button" class="try" onClick=${(/** @type {Event} */ event) => writeInto(event.currentTarget, text)}>${text}</button></li>`)}
    </ul>
  </div>`;
}

/**
 * Who speaks, told apart by portrait or letters, colour and edge.
 * @param {Member[]} members @param {string | null | undefined} campaignId
 * @returns {import("../talk/message.js").Voices}
 */
function voicesOf(members, campaignId) {
  const placeOf = (/** @type {string | null | undefined} */ id) => members.findIndex((each) => each.npc_id === id);
  const nameOf = (/** @type {string | null | undefined} */ id) => members[placeOf(id)]?.name ?? t.deletedNpc;
  return {
    name: ({ role, speaker_npc_id: speaker, audience_npc_id: audience }) => {
      if (role !== "user") return nameOf(speaker);
      return audience ? nameOf(audience) : t.everyone;
    },
    mark: ({ role, speaker_npc_id: speaker, audience_npc_id: audience }) => ({
      place: Math.max(0, placeOf(speaker)),
      portrait: role === "assistant" && speaker && campaignId ? { campaignId, thingId: speaker } : undefined,
      letters: role === "assistant" ? lettersOf(nameOf(speaker)) : "",
      heardBy: !audience ? "" : role === "user" ? t.hearsAlone(nameOf(audience)) : t.saidToYou,
    }),
    Actions: SaveLineAction,
  };
}

/**
 * An edited whisper stays one.
 * @param {import("../../state/talk/talk.js").Talk} talk @param {import("../../state/talk/scene_aside.js").SceneAside} aside
 */
function useEdited(talk, aside) {
  const editing = talk.editing.value;
  useEffect(() => {
    if (!editing) return;
    aside.beginEdit(editing.audience);
    return () => aside.endEdit();
  }, [editing]);
}

/**
 * From the keyboard: who answers, through the palette.
 * @param {Member[]} members @param {import("../../state/talk/scene_aside.js").SceneAside} aside
 */
function useNamed(members, aside) {
  useEffect(
    () =>
      registerCommands(() => [
        ...members.flatMap(({ npc_id: id, name }) => [
          {
            id: `answer-${id}`,
            label: t.letAnswer(name),
            hint: t.scene,
            isNear: true,
            icon: "theater",
            run: () => (aside.whisperTo(null), aside.choose(id)),
          },
          {
            id: `whisper-${id}`,
            label: t.whisperTo(name),
            hint: t.scene,
            isNear: true,
            icon: "eye-off",
            run: () => aside.whisperTo(id),
          },
        ]),
        {
          id: "answer-in-turn",
          label: t.answerInTurn,
          hint: t.scene,
          isNear: true,
          icon: "rotate-ccw",
          also: t.answerInTurnAlso,
          run: () => aside.whisperTo(null),
        },
      ]),
    [JSON.stringify(members), aside],
  );
}
