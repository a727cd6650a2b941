import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { CampaignActions, Overview } from "../components/campaign/overview.js";
import { Conversations } from "../components/campaign/conversations.js";
import { EntitySection } from "../components/campaign/entity_section.js";
import { EntitySheet } from "../components/campaign/entity_sheet.js";
import { FromTools } from "../components/campaign/from_tools.js";
import { GameSessionLog } from "../components/campaign/game_session_log.js";
import { Knowledge } from "../components/campaign/knowledge.js";
import { MoreKinds } from "../components/campaign/more_kinds.js";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { Icon } from "../components/icon.js";
import { RelationGraph } from "../components/relation_graph/relation_graph.js";
import { SceneList } from "../components/scenes/scene_list.js";
import { navigate, path, query } from "../router.js";
import { INSIDE, THINGS } from "../state/campaign/campaign_kinds.js";
import { rememberCampaign } from "../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { ask as askWords } from "../words/en/ask.js";
import { campaign as campaignWords } from "../words/en/campaign.js";
import { shell } from "../words/en/shell.js";
import { screens } from "../words/en/screens.js";

/** Kinds that are listed once there is one; those with operations of their own always are. */
const OTHERS = THINGS.filter(({ path }) => !path);

/**
 * The parts of a campaign's book, in order.
 * @param {Record<string, number>} counts by kind @param {string | null} asked is among them in any case
 * @returns {{ id: string, label: string, count?: number }[]}
 */
function listParts(counts, asked) {
  const shown = INSIDE.filter((kind) => !OTHERS.includes(kind) || counts[kind.name] > 0 || kind.listName === asked);
  return [
    { id: "overview", label: campaignWords.partOverview },
    ...shown.map(({ listName, titles, name }) => ({ id: listName, label: titles, count: counts[name] ?? 0 })),
    { id: "relations", label: campaignWords.partRelations },
    { id: "conversations", label: campaignWords.partConversations },
    { id: "knowledge", label: campaignWords.partFacts },
    { id: "more", label: campaignWords.partMore },
  ];
}

/** One campaign: what it is, and everything in it. @param {{ id: string }} props */
export default function CampaignScreen({ id }) {
  const { api } = useApp();
  const asked = new URLSearchParams(query.value);
  const show = asked.get("show");
  const {
    value: campaign,
    fault,
    pull,
    put,
  } = useFetched((signal) => api.get(`/api/campaigns/${id}`, { signal }), [id], ofCampaign(id));
  useEffect(() => {
    document.querySelector(".parts [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [asked.get("part"), campaign === null]);
  useEffect(() => {
    if (!campaign) return;
    document.title = shell.pageTitle(campaign.name);
    rememberCampaign(campaign);
  }, [campaign?.id, campaign?.name]);

  if (!campaign) {
    return html`<div class="book"><div class="book__page">${fault && html`<${LoadFailed} fault=${fault} onRetry=${pull} />`}</div></div>`;
  }
  const counts = campaign.counts ?? {};
  const parts = listParts(counts, asked.get("part"));
  const part = parts.find((each) => each.id === asked.get("part"))?.id ?? "overview";
  const kind = INSIDE.find(({ listName }) => listName === part);
  const close = () => navigate(`${path.value}?part=${part}`, { replace: true });
  return html`<div class="book"><div class="book__page">
    <header class="book__head">
      <div><p class="book__over"><a href="/campaigns">${screens.campaigns}</a>${campaign.archived_at && html` <span class="chip">${campaignWords.archived}</span>`}</p>
        <h1 class="book__title">${campaign.name}</h1></div>
      <div class="button-row">
        <a class="button" href=${`/ask/${id}`}><${Icon} name="circle-help" /> ${askWords.link}</a>
        <a class="button button--accent" href=${`/session/${id}`}><${Icon} name="dices" /> ${campaignWords.toTheTable}</a>
      </div>
    </header>
    <nav class="parts" aria-label=${campaignWords.parts}>
      ${parts.map(
        ({
          id: each,
          label,
          count,
        }) => html`<a class="parts__link" href=${`/campaigns/${id}?part=${each}`} aria-current=${each === part ? "page" : undefined}>
        ${label}${count !== undefined && html` <span class="parts__count">${count}</span>`}</a>`,
      )}
    </nav>
    ${
      part === "overview" &&
      html`<${FromTools} campaignId=${id} />
      <${Overview} campaign=${campaign} onSaved=${(/** @type {any} */ saved) => put({ ...campaign, ...saved })} />
      <${CampaignActions} campaign=${campaign} />`
    }
    ${part === "conversations" && html`<${Conversations} campaignId=${id} />`}
    ${part === "relations" && html`<${RelationGraph} key=${id} campaignId=${id} />`}
    ${part === "more" && html`<${MoreKinds} kinds=${OTHERS} campaignId=${id} counts=${counts} />`}
    ${part === "knowledge" && html`<${Knowledge} campaignId=${id} />`}
    ${part === "npcs" && html`<${SceneList} campaignId=${id} />`}
    ${
      kind &&
      html`<${EntitySection} key=${part} kind=${kind} campaignId=${id} tools=${kind.name === "npc" ? chatWith : undefined} />
      ${show && html`<${Shown} key=${show} kind=${kind} id=${show} campaignId=${id} onClose=${close} />`}`
    }
  </div></div>`;
}

/** On the card of an NPC. @param {any} npc */
function chatWith(npc) {
  return html`<a class="button button--small" href=${`/npcs/${npc.id}?talk=latest`} aria-label=${campaignWords.chatWith(npc.name)}><${Icon} name="message-square" /> ${campaignWords.chat}</a>`;
}

/** @param {{ kind: import("../state/campaign/campaign_kinds.js").Kind, id: string, campaignId: string, onClose: () => void }} props */
function Shown({ kind, id, campaignId, onClose }) {
  return html`<${EntitySheet} kind=${kind} id=${id} campaignId=${campaignId} onClose=${onClose}>
    ${(/** @type {any} */ entity) => kind.name === "game_session" && html`<${GameSessionLog} gameSession=${entity} />`}
  </${EntitySheet}>`;
}
