import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import {
  EVERYTHING,
  MOST_STEPS,
  called,
  countKinds,
  narrow,
  readGraph,
  tagsOf,
  tieWords,
} from "../../models/relation_graph.js";
import { isFree, registerKeys } from "../../keys.js";
import { navigate, path, query } from "../../router.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { EntitySheet } from "../campaign/entity_sheet.js";
import { LoadFailed } from "../campaign/load_failed.js";
import { Icon } from "../icon.js";
import { useOwnId } from "../use_own_id.js";
import { KindChoice, LineLegend } from "./legend.js";
import { NewRelation } from "./new_relation.js";
import { Picture } from "./picture.js";
import { RelationList } from "./relation_list.js";
import { usePoints } from "./use_points.js";
import { campaign as campaignWords } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";
import { relationGraph as t } from "../../words/en/relation_graph.js";

/**
 * A campaign's relations: the picture of them, the list beside it, and a way to make one.
 *
 * @typedef {import("../../models/relation_graph.js").Graph} Graph
 * @typedef {import("../../models/relation_graph.js").GraphThing} GraphThing
 * @typedef {import("../../models/relation_graph.js").GraphRelation} GraphRelation
 * @typedef {import("../../models/relation_graph.js").Narrowing} Narrowing
 *
 * @param {{ campaignId: string }} props
 */
export function RelationGraph({ campaignId }) {
  const { api } = useApp();
  const { value, fault, pull } = useFetched(
    (signal) => api.get(`/api/campaigns/${campaignId}/relations/graph`, { signal }),
    [campaignId],
    ofCampaign(campaignId),
  );
  const graph = useMemo(() => value && readGraph(/** @type {any} */ (value)), [value]);
  const [adding, setAdding] = useState(/** @type {{ from: GraphThing | null } | null} */ (null));
  const add = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const wasAdding = useRef(false);
  useLayoutEffect(() => {
    if (wasAdding.current && !adding) add.current?.focus();
    wasAdding.current = adding !== null;
  }, [adding]);
  const close = () => setAdding(null);
  useLayoutEffect(
    () =>
      registerKeys({
        keys: "n",
        what: t.add,
        when: (event) => isFree(event, "n"),
        run: () => setAdding((now) => now ?? { from: null }),
      }),
    [],
  );
  if (!graph) {
    return html`<section class="section" aria-label=${t.title}>${fault ? html`<${LoadFailed} fault=${fault} onRetry=${pull} />` : html`<div class="graph-both"><div class="graph-picture"></div></div>`}</section>`;
  }
  const isEmpty = graph.relations.length === 0;
  return html`<section class="section" aria-label=${t.title}>
    ${isEmpty && !adding && html`<p>${t.empty}</p>`}
    ${
      !adding &&
      html`<div class="section__head"><button type="button" class="button button--accent" ref=${add}
      onClick=${() => setAdding({ from: null })}><${Icon} name="plus" /> ${t.add}</button></div>`
    }
    ${adding && html`<${NewRelation} campaignId=${campaignId} from=${adding.from} onClose=${close} />`}
    ${!isEmpty && html`<${Both} campaignId=${campaignId} graph=${graph} onAdd=${(/** @type {GraphThing} */ from) => setAdding({ from })} />`}
  </section>`;
}

/** @param {{ campaignId: string, graph: Graph, onAdd: (from: GraphThing) => void }} props */
function Both({ campaignId, graph, onAdd }) {
  const asked = new URLSearchParams(query.value).get("thing");
  const [narrowing, setNarrowing] = useState(/** @type {Narrowing} */ (EVERYTHING));
  const [chosenId, setChosenId] = useState(asked);
  const [tieId, setTieId] = useState(/** @type {string | null} */ (null));
  const [opened, setOpened] = useState(/** @type {{ kind: string, id: string } | null} */ (null));
  const { arranged, failed, retry } = usePoints(campaignId, graph);
  useEffect(() => {
    if (!asked) return;
    setChosenId(asked);
    setOpened(null);
  }, [asked]);

  // Until a changed graph is arranged, the picture and the list both show the one before it.
  const current = arranged?.graph ?? graph;
  const shown = useMemo(() => narrow(current, narrowing), [current, narrowing]);
  const chosen = (chosenId && current.byId.get(chosenId)) || null;
  const tie = (chosen && tieId && current.touching[chosen.place].find(({ id }) => id === tieId)) || null;
  const choose = (/** @type {GraphThing | null} */ thing, /** @type {GraphRelation | null} */ relation = null) => {
    setChosenId(thing?.id ?? null);
    setTieId(relation?.id ?? null);
    // The address does not go on naming what was chosen once.
    if (asked) navigate(`${path.value}?part=relations`, { replace: true });
  };
  const open = (/** @type {GraphThing} */ { kind, id }) => setOpened({ kind, id });
  const isNarrowed = shown.things.length < current.things.length;
  const fitted = JSON.stringify([narrowing.near, narrowing.steps, narrowing.tag, narrowing.archived]);
  return html`
    <${Filters} graph=${current} narrowing=${narrowing} onChange=${setNarrowing} />
    ${current.leftOut > 0 && html`<p class="note">${t.leftOut(current.leftOut)}</p>`}
    <div class="graph-both">
      <div class="graph-both__picture">
        <${Picture} arranged=${arranged} shown=${shown} fitted=${fitted} chosen=${chosen} tie=${tie} onChoose=${choose} onOpen=${open}>
          ${failed ? html`<p role="alert">${t.failed} <button type="button" class="link-button" onClick=${retry}>${controls.retry}</button></p>` : html`<p role="status">${t.arranging}</p>`}
        </${Picture}>
        <${Chosen} graph=${current} chosen=${chosen} tie=${tie} narrowing=${narrowing} onChange=${setNarrowing} onOpen=${open} onAdd=${onAdd} />
        <p class="quiet">${t.pictureOf(t.things(shown.things.length), t.relations(shown.relations.length))}${isNarrowed && html` <button type="button" class="link-button" onClick=${() => setNarrowing({ ...EVERYTHING, archived: true })}>${t.showAll}</button>`}</p>
        <${LineLegend} />
      </div>
      <${RelationList} graph=${current} shown=${shown} chosen=${chosen} tie=${tie} onChoose=${choose} onOpen=${open} />
    </div>
    ${opened && html`<${EntitySheet} key=${opened.id} kind=${KINDS[opened.kind]} id=${opened.id} campaignId=${campaignId} onClose=${() => setOpened(null)} />`}`;
}

/** @param {{ graph: Graph, narrowing: Narrowing, onChange: (narrowing: Narrowing) => void }} props */
function Filters({ graph, narrowing, onChange }) {
  const id = useOwnId();
  const counts = useMemo(() => countKinds(graph), [graph]);
  const tags = useMemo(() => tagsOf(graph), [graph]);
  const hasArchived = useMemo(() => graph.things.some((thing) => thing.is_archived), [graph]);
  const [isWide] = useState(() => matchMedia("(width > 760px)").matches);
  return html`<details class="filters" open=${isWide}><summary>${t.filters}</summary><div class="graph-filters">
    <${KindChoice} counts=${counts} hidden=${narrowing.hidden} onChange=${(/** @type {Set<string>} */ hidden) => onChange({ ...narrowing, hidden })} />
    ${
      tags.length > 0 &&
      html`<div class="filters__one"><label for=${id}>${t.tag}</label>
      <select id=${id} class="field" onChange=${(/** @type {any} */ event) => onChange({ ...narrowing, tag: event.currentTarget.value })}>
        ${["", ...tags].map((tag) => html`<option key=${tag} value=${tag} selected=${tag === narrowing.tag}>${tag || t.anyTag}</option>`)}
      </select></div>`
    }
    ${
      hasArchived &&
      html`<label class="check check--small"><input type="checkbox" checked=${narrowing.archived}
      onChange=${(/** @type {any} */ event) => onChange({ ...narrowing, archived: event.currentTarget.checked })} /> ${t.archived}</label>`
    }
  </div></details>`;
}

/**
 * What is chosen, in words that are also read aloud, and what can be done with it.
 * @param {{ graph: Graph, chosen: GraphThing | null, tie: GraphRelation | null, narrowing: Narrowing,
 *   onChange: (narrowing: Narrowing) => void, onOpen: (thing: GraphThing) => void, onAdd: (from: GraphThing) => void }} props
 */
function Chosen({ graph, chosen, tie, narrowing, onChange, onOpen, onAdd }) {
  const id = useOwnId();
  const near = narrowing.near === null ? null : (graph.byId.get(narrowing.near) ?? null);
  const middle = chosen ?? near;
  const value = near ? `${near.id} ${narrowing.steps}` : "";
  /** @type {[string, string][]} */
  const options = [["", t.aroundAll]];
  for (const thing of new Set([near, middle])) {
    if (!thing) continue;
    for (let steps = 1; steps <= MOST_STEPS; steps += 1)
      options.push([`${thing.id} ${steps}`, t.aroundSteps(called(thing), steps)]);
  }
  const put = (/** @type {any} */ event) => {
    const [around, steps] = event.currentTarget.value.split(" ");
    onChange({ ...narrowing, near: around || null, steps: Number(steps) || 1 });
  };
  return html`<div class="graph-chosen">
    <p role="status">${chosen ? describe(graph, chosen, tie) : t.noneChosen}</p>
    <div class="graph-chosen__do">
      <div class="filters__one"><label for=${id}>${t.around}</label>
        <select id=${id} class="field" onChange=${put}>${options.map(([each, words]) => html`<option key=${each} value=${each} selected=${each === value}>${words}</option>`)}</select></div>
      ${
        chosen &&
        html`<button type="button" class="button" onClick=${() => onOpen(chosen)}>${t.open(called(chosen))}</button>
      <button type="button" class="button" onClick=${() => onAdd(chosen)}><${Icon} name="plus" /> ${t.addTo(called(chosen))}</button>`
      }
    </div>
  </div>`;
}

/** @param {Graph} graph @param {GraphThing} chosen @param {GraphRelation | null} tie */
function describe(graph, chosen, tie) {
  const name = KINDS[chosen.kind].noun;
  const said = t.chosen(called(chosen), name, t.relations(graph.touching[chosen.place].length));
  const all = [said, chosen.is_gm_only && campaignWords.gmOnly, chosen.is_archived && t.archivedThing]
    .filter(Boolean)
    .join(", ");
  if (!tie) return `${all}.`;
  const isTo = tie.from_place === chosen.place;
  const other = graph.things[isTo ? tie.to_place : tie.from_place];
  return `${all}. ${tieWords({ relation: tie, other, isTo })}.`;
}
