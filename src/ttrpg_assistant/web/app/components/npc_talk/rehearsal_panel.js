import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { markRead, renameNpcTalk } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { registerCommands } from "../../state/palette/palette.js";
import { Rehearsal } from "../../state/talk/rehearsal.js";
import { ChatMenu } from "../talk/chat_menu.js";
import { Icon, IconButton } from "../icon.js";
import { Naming } from "../naming.js";
import { Speaking } from "../talk/speaking.js";
import { TalkPanel, phaseOf } from "../talk/talk_panel.js";
import { useMarkRead } from "../talk/use_mark_read.js";
import { writeInto } from "../talk/write_into.js";
import { useCooldown } from "./cooldown.js";
import { SaveLineAction } from "./save_line.js";
import { VoiceHints, VoiceSummary } from "./voice_hints.js";
import { npc as t } from "../../words/en/npc.js";

/**
 * A rehearsal: the game master plays a player, the NPC answers, and the voice is checked.
 *
 * @param {{ talk: import("../../state/talk/talk.js").Talk, name: string, onLeave: () => void }} props
 */
export function RehearsalPanel({ talk, name, onLeave }) {
  const app = useApp();
  const rehearsal = useMemo(() => new Rehearsal(app, talk), [app, talk]);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useMarkRead(talk, (conversation) => markRead(app, conversation));
  const entries = talk.entries.value;
  const spoken = entries.filter(
    ({ message, sign }) => message.role === "assistant" && message.mode === "as" && sign !== "answering",
  );
  const last = entries.at(-1)?.message;
  const finished = last?.role === "assistant" && last.mode === "about";
  const seen = spoken.at(-1)?.id ?? "";
  useEffect(() => {
    if (seen) rehearsal.look();
  }, [rehearsal, seen]);
  const left = useCooldown(talk, "as");
  const voices = useMemo(
    () => ({
      name: (/** @type {import("../../types.js").Message} */ said) => (said.mode === "as" ? name : t.assistant),
      modes: { about: t.rehearsalResult, as: t.rehearsingAs(name) },
      Under: (/** @type {{ entry: import("../../types.js").Entry }} */ { entry }) =>
        html`<${VoiceHints} entry=${entry} rehearsal=${rehearsal} />`,
      Actions: SaveLineAction,
    }),
    [name, rehearsal],
  );
  const ask = async () => {
    const area = /** @type {HTMLTextAreaElement | null} */ (box.current?.querySelector(".composer__text") ?? null);
    const before = rehearsal.question;
    const question = await rehearsal.propose();
    if (!question) return;
    const typed = area?.value.trim() ?? "";
    if (typed && typed !== before) return toast(t.playerMightSay(question));
    writeInto(box.current, question);
  };
  const finish = () => rehearsal.finish();
  useEffect(
    () =>
      registerCommands(() => [
        {
          id: "player-question",
          label: t.suggestQuestionFor(name),
          hint: t.rehearsal,
          isNear: true,
          icon: "sparkles",
          run: ask,
        },
        {
          id: "finish-rehearsal",
          label: t.finishRehearsal,
          hint: t.rehearsal,
          isNear: true,
          icon: "check",
          run: finish,
        },
      ]),
    [rehearsal, name],
  );
  const busy = rehearsal.busy.value;
  const strip = html`<div class="rehearsal">
    <${VoiceSummary} rehearsal=${rehearsal} finished=${finished} />
    <div class="rehearsal__actions">
      <button type="button" class="button button--small" disabled=${busy !== null || talk.streaming.value} onClick=${ask}>
        <${Icon} name="sparkles" /> ${busy === "question" ? t.writingQuestion : t.suggestQuestion}</button>
      <button type="button" class="button button--small" disabled=${busy !== null || spoken.length === 0 || finished || talk.streaming.value} onClick=${finish}>
        <${Icon} name="check" /> ${busy === "finish" ? t.checkingVoice : t.finish}</button>
    </div>
  </div>`;
  return html`<div class="talk" ref=${box} data-phase=${phaseOf(talk)} data-conversation-id=${talk.id ?? ""} data-mode="as">
    <${RehearsalHead} talk=${talk} voices=${voices} name=${name} onLeave=${onLeave} />
    <${TalkPanel} talk=${talk} mode="as" voices=${voices} above=${strip} hold=${left > 0 ? t.asWait(name) : ""}
      placeholder=${t.rehearsalPlaceholder(name)} empty=${html`<${EmptyRehearsal} name=${name} />`} below=${html`<${Speaking} />`} />
  </div>`;
}

/** @param {{ talk: import("../../state/talk/talk.js").Talk, voices: import("../talk/message.js").Voices, name: string, onLeave: () => void }} props */
function RehearsalHead({ talk, voices, name, onLeave }) {
  const app = useApp();
  const [naming, setNaming] = useState(false);
  const title = talk.conversation.value?.title || t.rehearsal;
  const rename = (/** @type {string} */ wanted) =>
    attempt(async () => {
      setNaming(false);
      if (talk.id) await renameNpcTalk(app, talk.id, wanted);
    });
  return html`<header class="npc-talk__head npc-talk__head--rehearsal">
    ${
      naming
        ? html`<${Naming} title=${title} onName=${rename} onCancel=${() => setNaming(false)} />`
        : html`<h2 class="talk__title"><${Icon} name="play" /> ${title}</h2>
        <div class="npc-talk__tools">
          <${IconButton} icon="pencil" label=${t.renameRehearsal} onClick=${() => setNaming(true)} />
          <${ChatMenu} talk=${talk} voices=${voices} />
          <${IconButton} icon="x" label=${t.backToConversation(name)} onClick=${onLeave} />
        </div>`
    }
  </header>`;
}

/** @param {{ name: string }} props */
function EmptyRehearsal({ name }) {
  return html`<div class="empty">
    <h3 class="empty__title">${t.tryOut(name)}</h3>
    <p>${t.rehearsalIntro}</p>
  </div>`;
}
