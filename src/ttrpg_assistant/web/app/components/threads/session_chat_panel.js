import { useEffect, useId, useMemo, useState } from "preact/hooks";
import { html } from "../../html.js";
import { threadMade } from "../../state/conversation_deeds.js";
import { tabsOf } from "../../state/conversation_tabs.js";
import { useDesk } from "../../state/desk.js";
import { registerCommands } from "../../state/palette.js";
import { planNext } from "../../state/plan_session.js";
import { attempt } from "../../state/notices.js";
import { NpcTalkPanel } from "../npc_talk/npc_talk_panel.js";
import { NewScene } from "../scenes/new_scene.js";
import { ScenePanel } from "../scenes/scene_panel.js";
import { ArchivedThreads, NewThread } from "./new_thread.js";
import { TabTools, ThreadTabs } from "./thread_tabs.js";
import { ThreadPanel } from "./thread_panel.js";

const TAB_ICONS = { chat: "messages-square", thread: "message-square", npc: "user", scene: "theater" };

/**
 * All talk of a campaign in one place: its chat, its threads, talk with NPCs.
 *
 * @param {{ campaignId: string, general: any }} props `general` is shown under the first tab
 */
export function SessionChatPanel({ campaignId, general }) {
  const desk = useDesk();
  const tabs = useMemo(() => tabsOf(desk, campaignId), [desk, campaignId]);
  const panelId = useId();
  const [dialog, setDialog] = useState(/** @type {"new" | "archived" | "scene" | null} */ (null));
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
    await attempt(() => planNext(desk, campaignId));
    setPlanning(false);
  };
  useEffect(
    () =>
      registerCommands(() => [
        ...tabs.list.map((tab) => ({
          id: `tab-${tab.key}`,
          label: tab.name,
          hint: "Conversation",
          isNear: true,
          icon: TAB_ICONS[tab.kind],
          run: () => tabs.select(tab.key),
        })),
        {
          id: "plan-session",
          label: "Plan the next game session",
          icon: "notebook-pen",
          also: "session planning",
          run: plan,
        },
        {
          id: "new-scene",
          label: "Begin a new scene with NPCs",
          icon: "theater",
          also: "several together",
          run: () => setDialog("scene"),
        },
        {
          id: "new-thread",
          label: "Begin a new thread",
          icon: "plus",
          also: "conversation",
          run: () => setDialog("new"),
        },
      ]),
    [tabs],
  );
  const open = (/** @type {string} */ id) => {
    setDialog(null);
    tabs.select(`thread:${id}`);
    tabs.load();
  };
  const key = tabs.selected.value;
  const [kind, id] = key.split(":");
  return html`<section class="threads" aria-label="Talk">
    <div class="threads__bar">
      <${ThreadTabs} tabs=${tabs} panelId=${panelId} />
      <${TabTools} onNew=${() => setDialog("new")} onScene=${() => setDialog("scene")} onArchived=${() => setDialog("archived")} onPlan=${plan} planning=${planning} />
    </div>
    <div class="threads__panel" id=${panelId} role="tabpanel" aria-labelledby=${`tab-${key}`} data-tab=${key}>
      ${kind === "thread" && html`<${ThreadPanel} key=${key} id=${id} onChanged=${(/** @type {any} */ thread) => tabs.put(thread)} />`}
      ${kind === "npc" && html`<${NpcTalkPanel} key=${key} npcId=${id} campaignId=${campaignId} onClose=${() => tabs.close(key)} />`}
      ${kind === "scene" && html`<${ScenePanel} key=${key} id=${id} onClose=${() => tabs.close(key)} onRenamed=${() => tabs.load()} />`}
      ${kind === "general" && general}
    </div>
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
