import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { useOwnId } from "../use_own_id.js";
import { html } from "../../html.js";
import { threadMade } from "../../state/conversations/conversation_actions.js";
import { tabsOf } from "../../state/conversations/conversation_tabs.js";
import { useApp } from "../../state/app.js";
import { registerCommands } from "../../state/palette/palette.js";
import { planNext } from "../../state/table/plan_session.js";
import { attempt } from "../../state/notices.js";
import { NpcTalkPanel } from "../npc_talk/npc_talk_panel.js";
import { NewScene } from "../scenes/new_scene.js";
import { ScenePanel } from "../scenes/scene_panel.js";
import { digitOf, keyOf, registerKeys, withCommand } from "../../keys.js";
import { AllConversations } from "./all_conversations.js";
import { ArchivedThreads, NewThread } from "./new_thread.js";
import { TabTools, ThreadTabs } from "./thread_tabs.js";
import { ThreadPanel } from "./thread_panel.js";
import { threads as t } from "../../words/en/threads.js";

const TAB_ICONS = { chat: "messages-square", thread: "message-square", npc: "user", scene: "theater" };

/**
 * The keys of the conversations. A browser keeps Ctrl 1 to 9 and Ctrl Tab for its own tabs, except in
 * a window that was installed as an application: so each has another that no browser keeps.
 * @param {import("../../state/conversations/conversation_tabs.js").ConversationTabs} tabs
 * @returns {import("../../keys.js").Key[]}
 */
function keysOf(tabs) {
  const free = () => !document.querySelector("dialog[open]");
  const show = (/** @type {KeyboardEvent} */ event) => {
    const tab = tabs.list[digitOf(event) - 1];
    if (tab) tabs.select(tab.key);
  };
  const alt = (/** @type {KeyboardEvent} */ event, /** @type {string} */ key) =>
    event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && keyOf(event) === key && free();
  return [
    {
      keys: "Ctrl Shift 1…9",
      what: t.keyNumber,
      whileTyping: true,
      when: (event) => withCommand(event) && digitOf(event) > 0 && free(),
      run: show,
    },
    {
      keys: "Alt ↓",
      what: t.keyNext,
      whileTyping: true,
      when: (event) =>
        alt(event, "ArrowDown") || (event.ctrlKey && !event.shiftKey && keyOf(event) === "Tab" && free()),
      run: () => tabs.step(1),
    },
    {
      keys: "Alt ↑",
      what: t.keyPrevious,
      whileTyping: true,
      when: (event) => alt(event, "ArrowUp") || (event.ctrlKey && event.shiftKey && keyOf(event) === "Tab" && free()),
      run: () => tabs.step(-1),
    },
  ];
}

/**
 * All conversations of a campaign in one place: its chat, its threads, those with NPCs.
 *
 * @param {{ campaignId: string, general: any }} props `general` is shown under the first tab
 */
export function SessionChatPanel({ campaignId, general }) {
  const app = useApp();
  const tabs = useMemo(() => tabsOf(app, campaignId), [app, campaignId]);
  const panelId = useOwnId();
  const [dialog, setDialog] = useState(/** @type {"new" | "archived" | "scene" | "all" | null} */ (null));
  const [planning, setPlanning] = useState(false);
  useEffect(() => tabs.attend(), [tabs]);
  useEffect(() => {
    const before = threadMade.peek();
    return threadMade.subscribe((thread) => {
      if (!thread || thread === before || thread.campaign_id !== campaignId) return;
      tabs.put(thread);
      tabs.select(`thread:${thread.id}`);
    });
  }, [tabs]);

  const plan = async () => {
    setPlanning(true);
    await attempt(() => planNext(app, campaignId));
    setPlanning(false);
  };
  useEffect(
    () =>
      registerCommands(() => [
        ...tabs.list.map((tab) => ({
          id: `tab-${tab.key}`,
          label: tab.name,
          hint: t.conversation,
          isNear: true,
          icon: TAB_ICONS[tab.kind],
          run: () => tabs.select(tab.key),
        })),
        {
          id: "plan-session",
          label: t.planNext,
          icon: "notebook-pen",
          also: t.planNextAlso,
          run: plan,
        },
        {
          id: "new-scene",
          label: t.startScene,
          icon: "theater",
          also: t.startSceneAlso,
          run: () => setDialog("scene"),
        },
        {
          id: "new-thread",
          label: t.startThread,
          icon: "plus",
          also: t.startThreadAlso,
          run: () => setDialog("new"),
        },
      ]),
    [tabs],
  );
  useLayoutEffect(() => registerKeys(...keysOf(tabs)), [tabs]);
  const open = (/** @type {string} */ id) => {
    setDialog(null);
    tabs.select(`thread:${id}`);
    tabs.load();
  };
  const key = tabs.selected.value;
  const [kind, id] = key.split(":");
  return html`<section class="threads" aria-label=${t.conversations}>
    <div class="threads__bar">
      <${ThreadTabs} tabs=${tabs} panelId=${panelId} />
      <${TabTools} unread=${tabs.list.some(({ unread }) => unread) || tabs.others.some((npc) => npc.unread_count > 0)} onAll=${() => setDialog("all")} onNew=${() => setDialog("new")} onScene=${() => setDialog("scene")} onArchived=${() => setDialog("archived")} onPlan=${plan} planning=${planning} />
    </div>
    <div class="threads__panel" id=${panelId} role="tabpanel" aria-labelledby=${`tab-${key}`} data-tab=${key}>
      ${kind === "thread" && html`<${ThreadPanel} key=${key} id=${id} onChanged=${(/** @type {any} */ thread) => tabs.put(thread)} />`}
      ${kind === "npc" && html`<${NpcTalkPanel} key=${key} npcId=${id} campaignId=${campaignId} onClose=${() => tabs.close(key)} />`}
      ${kind === "scene" && html`<${ScenePanel} key=${key} id=${id} onClose=${() => tabs.close(key)} onRenamed=${() => tabs.load()} />`}
      ${kind === "general" && general}
    </div>
    ${dialog === "all" && html`<${AllConversations} key="all" tabs=${tabs} onArchived=${() => setDialog("archived")} onClose=${() => setDialog(null)} />`}
    ${dialog === "new" && html`<${NewThread} campaignId=${campaignId} onClose=${() => setDialog(null)} />`}
    ${
      dialog === "scene" &&
      html`<${NewScene} campaignId=${campaignId} onClose=${() => setDialog(null)}
      onMade=${(/** @type {string} */ made) => {
        setDialog(null);
        tabs.select(`scene:${made}`);
        tabs.load();
      }} />`
    }
    ${dialog === "archived" && html`<${ArchivedThreads} campaignId=${campaignId} onOpen=${open} onClose=${() => setDialog(null)} />`}
  </section>`;
}
