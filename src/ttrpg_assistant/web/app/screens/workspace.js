import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { isFree, registerKeys } from "../keys.js";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { Icon, IconButton } from "../components/icon.js";
import { useFocus } from "../components/use_focus.js";
import { Dice } from "../components/workspace/dice.js";
import { rollAgain } from "../state/table/rolling.js";
import { GameSessionHead } from "../components/workspace/game_session_head.js";
import { Notes } from "../components/workspace/notes.js";
import { NpcList } from "../components/workspace/npc_list.js";
import { LocationList } from "../components/workspace/location_list.js";
import { MoreList } from "../components/workspace/more_list.js";
import { PlotPointList } from "../components/workspace/plot_point_list.js";
import { Tonight } from "../components/workspace/tonight.js";
import { WaitingRecap } from "../components/workspace/waiting_recap.js";
import { Divider } from "../components/workspace/divider.js";
import { TableTalk } from "../components/workspace/table_talk.js";
import { query } from "../router.js";
import { KINDS } from "../state/campaign/campaign_kinds.js";
import { noteRunning } from "../state/campaign/campaign_context.js";
import { recall, remember, rememberCampaign } from "../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { table as tableWords } from "../words/en/table.js";

/** What is at hand beside the talk, in order. */
const PARTS = [
  { id: "people", label: KINDS.npc.titles, icon: "users", Part: NpcList },
  { id: "places", label: KINDS.location.titles, icon: "map-pin", Part: LocationList },
  { id: "plot", label: KINDS.plot_point.titles, icon: "scroll-text", Part: PlotPointList },
  { id: "more", label: tableWords.partMore, icon: "package", Part: MoreList },
  { id: "dice", label: tableWords.partDice, icon: "dices", Part: Dice },
];

/** At the table: the talk, and what a game master needs at hand. @param {{ campaign_id: string }} props */
export default function WorkspaceScreen({ campaign_id: id }) {
  const app = useApp();
  const { value, fault, pull } = useFetched((signal) => findTable(app.api, id, signal), [id], ofCampaign(id));
  const campaign = value?.campaign ?? null;
  const gameSession = value?.gameSession ?? null;
  const running = gameSession?.status === "running" ? gameSession.id : null;

  useEffect(() => {
    if (!campaign) return;
    document.title = tableWords.screenTitle(campaign.name);
    rememberCampaign(campaign);
    noteRunning(id, running);
  }, [id, campaign?.name, running]);

  if (fault && !campaign)
    return html`<div class="book"><div class="book__page"><${LoadFailed} fault=${fault} onRetry=${pull} /></div></div>`;
  return html`<${Table} id=${id} campaign=${campaign} gameSession=${gameSession} pull=${pull} />`;
}

/** @param {{ id: string, campaign: any, gameSession: any, pull: () => Promise<void> }} props */
function Table({ id, campaign, gameSession, pull }) {
  const app = useApp();
  const [part, setPart] = useState(() => recall("table.part", "people"));
  const [open, setOpen] = useState(() => recall("table.open", true));
  const [width, setWidth] = useState(() => recall("table.width", 400));
  // On a phone one thing is seen at a time; the talk is one of them.
  const [seen, setSeen] = useState("talk");
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  // A thread, an NPC or a scene that the address asks for is talk.
  useEffect(() => {
    if (/[?&](thread|npc|scene)=/.test(query.value)) setSeen("talk");
  }, [query.value]);
  const choose = (/** @type {string} */ next) => {
    setPart(next);
    remember("table.part", next);
  };
  const toggle = (/** @type {boolean} */ next) => {
    setOpen(next);
    remember("table.open", next);
  };
  const focus = useFocus();
  const note = useMemo(
    () => () => {
      setOpen(true);
      setSeen("notes");
      focus(() => document.getElementById("quick-note"));
    },
    [],
  );
  /** The dice, with their result in sight or their field ready. */
  const showDice = () => {
    choose("dice");
    toggle(true);
    setSeen("dice");
  };
  useLayoutEffect(
    () =>
      registerKeys(
        {
          keys: "r",
          what: tableWords.keyRoll,
          when: (event) => isFree(event, "r"),
          run: () => {
            showDice();
            focus(() => document.getElementById("dice-text"));
          },
        },
        {
          keys: "Shift R",
          what: tableWords.keyRollAgain,
          when: (event) => isFree(event, "R"),
          run: () => {
            showDice();
            rollAgain(app, gameSession);
          },
        },
      ),
    [app, gameSession],
  );
  useLayoutEffect(
    () =>
      registerKeys({
        keys: "n",
        what: tableWords.keyNote,
        when: (event) => isFree(event, "n"),
        run: note,
      }),
    [note],
  );

  const { Part } = PARTS.find((each) => each.id === part) ?? PARTS[0];
  const tabs = [
    { id: "talk", label: tableWords.partChat, icon: "messages-square" },
    { id: "notes", label: tableWords.partNotes, icon: "notebook-pen" },
    ...PARTS,
  ];
  const phoneTab = (/** @type {string} */ next) => {
    setSeen(next);
    if (PARTS.some((each) => each.id === next)) choose(next);
  };
  return html`<div class="table" ref=${box} data-open=${open ? "true" : "false"} data-seen=${seen} style=${{ "--side": `${width}px` }}>
    <h1 class="sr-only">${tableWords.screenHeading(campaign?.name ?? tableWords.aCampaign)}</h1>
    <div class="table__tabs" role="tablist" aria-label=${tableWords.tabsLabel}>
      ${tabs.map(
        ({
          id: each,
          label,
          icon,
        }) => html`<button type="button" role="tab" aria-selected=${seen === each ? "true" : "false"} onClick=${() => phoneTab(each)}>
        <${Icon} name=${icon} /><span>${label}</span></button>`,
      )}
    </div>
    <${TableTalk} campaignId=${id} campaign=${campaign} sideOpen=${open} onSide=${() => toggle(!open)} />
    ${
      open &&
      html`<${Divider} width=${width} onWidth=${(/** @type {number} */ next, /** @type {boolean} */ last) => {
        setWidth(next);
        if (last) remember("table.width", next);
      }} />`
    }
    <aside class="table__side" aria-label=${tableWords.sidePanel}>
      <div class="table__log">
        <${GameSessionHead} campaignId=${id} gameSession=${gameSession} onChange=${pull}>
          <${IconButton} icon="chevron-right" label=${tableWords.hideSidePanel} class="table__fold" onClick=${() => toggle(false)} /></${GameSessionHead}>
        <${WaitingRecap} campaignId=${id} besides=${gameSession?.id} />
        ${gameSession && gameSession.status !== "ended" && html`<${Tonight} key=${gameSession.id} gameSession=${gameSession} />`}
        <${Notes} gameSession=${gameSession} />
      </div>
      <div class="table__hand">
        <div class="hand-tabs" role="tablist" aria-label=${tableWords.sidePanel}>
          ${PARTS.map(
            ({
              id: each,
              label,
              icon,
            }) => html`<button type="button" role="tab" class="hand-tabs__tab" aria-selected=${part === each ? "true" : "false"} onClick=${() => choose(each)}>
            <${Icon} name=${icon} /> ${label}</button>`,
          )}
        </div>
        <div class="table__part" role="tabpanel" aria-label=${PARTS.find((each) => each.id === part)?.label} tabindex="-1">
          ${campaign && html`<${Part} key=${part} campaignId=${id} gameSession=${gameSession} />`}</div>
      </div>
    </aside>
  </div>`;
}

/**
 * The campaign, and the evening at its table: the one that runs, else the next one planned, else
 * the last one held.
 * @param {import("../api.js").Api} api @param {string} id @param {AbortSignal} signal
 */
async function findTable(api, id, signal) {
  const [campaign, page] = await Promise.all([
    api.get(`/api/campaigns/${id}`, { signal }),
    api.get(`/api/campaigns/${id}/game-sessions?limit=100`, { signal }),
  ]);
  /** @type {any[]} newest first */
  const gameSessions = page.game_sessions;
  const gameSession =
    gameSessions.find(({ status }) => status === "running") ??
    gameSessions.findLast(({ status }) => status === "planned") ??
    gameSessions[0] ??
    null;
  return { campaign, gameSession };
}
