import { useEffect, useRef } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { Icon, IconButton } from "../icon.js";
import { keyOf } from "../../keys.js";
import { threads as t } from "../../words/en/threads.js";

/**
 * One tab a conversation. Arrows move between them, Enter shows one, so that a look at the names
 * changes nothing.
 *
 * @typedef {import("../../state/conversations/conversation_tabs.js").ConversationTabs} ConversationTabs
 * @typedef {import("../../state/conversations/conversation_tabs.js").Tab} Tab
 *
 * @param {{ tabs: ConversationTabs, panelId: string }} props
 */
export function ThreadTabs({ tabs, panelId }) {
  const { proposals } = useApp();
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  const selected = tabs.selected.value;
  const here = proposals.pending.value;
  const order = tabs.list.map(({ key, name }) => `${key} ${name}`).join("\n");
  useEffect(() => {
    const strip = row.current;
    if (!strip) return;
    const show = () =>
      strip.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    show();
    // Names arrive late, and a window or the side panel changes its width.
    const watch = new ResizeObserver(show);
    for (const each of [strip, ...strip.children]) watch.observe(each);
    return () => watch.disconnect();
  }, [selected, order]);
  const count = (/** @type {Tab} */ tab) =>
    tab.conversations.reduce(
      (sum, id) => sum + (here.get(id) ?? tabs.pending.value.get(id) ?? 0) + (tabs.inherited.value.get(id) ?? 0),
      0,
    );

  const key = (/** @type {KeyboardEvent} */ event) => {
    const all = [...(row.current?.querySelectorAll("[role=tab]") ?? [])];
    const at = all.indexOf(/** @type {Element} */ (document.activeElement));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[keyOf(event)];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (all[(to + all.length) % all.length]).focus();
  };
  return html`<div class="threads__tabs" role="tablist" aria-label=${t.conversations} ref=${row} onKeyDown=${key}>
    ${tabs.list.map(
      (
        tab,
        at,
      ) => html`<${OneTab} key=${tab.key} tab=${tab} place=${at + 1} chosen=${tab.key === selected} pending=${count(tab)}
      panelId=${panelId} onChoose=${() => tabs.select(tab.key)} />`,
    )}
  </div>`;
}

/** @param {{ tab: Tab, place: number, chosen: boolean, pending: number, panelId: string, onChoose: () => void }} props */
function OneTab({ tab, place, chosen, pending, panelId, onChoose }) {
  return html`<button type="button" role="tab" class="tab tab--${tab.kind}" id=${`tab-${tab.key}`} data-tab=${tab.key}
    aria-selected=${chosen ? "true" : "false"} aria-controls=${panelId} tabindex=${chosen ? 0 : -1} title=${place <= 9 ? t.tabTitle(tab.name, place) : tab.name} onClick=${onChoose}>
    <span class="tab__name">${tab.name}</span>
    ${tab.writing && html`<span class="tab__writing"><${Icon} name="feather" label=${t.answering} /></span>`}
    ${pending > 0 && html`<span class="tab__pending" title=${t.suggestionsToDecide(pending)}>${pending}<span class="sr-only"> ${t.suggestionsToDecideAfterCount(pending)}</span></span>`}
    ${tab.unread && html`<span class="tab__unread" role="img" aria-label=${t.unread}></span>`}
  </button>`;
}

/**
 * The buttons beside the tabs.
 * @param {{ unread: boolean, onAll: () => void, onNew: () => void, onScene: () => void, onArchived: () => void, onPlan: () => void, planning: boolean }} props
 */
export function TabTools({ unread, onAll, onNew, onScene, onArchived, onPlan, planning }) {
  return html`<div class="threads__tools">
    <span class="threads__all"><${IconButton} icon="list" label=${unread ? t.allSomeUnread : t.all} onClick=${onAll} />${unread && html`<span class="tab__unread"></span>`}</span>
    <button type="button" class="button button--small plan-button" disabled=${planning} onClick=${onPlan} title=${t.planNext}>
      <${Icon} name="notebook-pen" /><span class="plan-button__words">${t.plan}</span></button>
    <${IconButton} icon="theater" label=${t.newScene} onClick=${onScene} />
    <${IconButton} icon="plus" label=${t.newThread} onClick=${onNew} />
    <${IconButton} icon="archive" label=${t.archivedThreads} class="threads__archived" onClick=${onArchived} />
  </div>`;
}
