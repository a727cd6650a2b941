import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { markOf } from "../../models/graph_marks.js";
import { attitudeWord } from "../../models/relation_words.js";
import { called, tieWords, tiesOf } from "../../models/relation_graph.js";
import { findRows, sortRows, windowAround } from "../../models/relation_rows.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { GmOnlySign } from "../campaign/gm_only.js";
import { Icon } from "../icon.js";
import { useOwnId } from "../use_own_id.js";
import { Mark } from "./legend.js";
import { controls } from "../../words/en/controls.js";
import { relationGraph as t } from "../../words/en/relation_graph.js";

/**
 * The same as the picture, in words: each thing with its relations, as a tree. What is chosen in one
 * is chosen in the other.
 *
 * @typedef {import("../../models/relation_graph.js").Graph} Graph
 * @typedef {import("../../models/relation_graph.js").GraphThing} GraphThing
 * @typedef {import("../../models/relation_graph.js").GraphRelation} GraphRelation
 * @typedef {import("../../models/relation_graph.js").Shown} Shown
 * @typedef {import("../../models/relation_graph.js").Tie} Tie
 *
 * @param {{ graph: Graph, shown: Shown, chosen: GraphThing | null, tie: GraphRelation | null,
 *   onChoose: (thing: GraphThing | null, tie?: GraphRelation | null) => void, onOpen: (thing: GraphThing) => void }} props
 */
export function RelationList({ graph, shown, chosen, tie, onChoose, onOpen }) {
  const id = useOwnId();
  const tree = useRef(/** @type {HTMLElement | null} */ (null));
  const section = useRef(/** @type {HTMLElement | null} */ (null));
  const [query, setQuery] = useState("");
  const [folded, setFolded] = useState(/** @type {string | null} */ (null));
  const [start, setStart] = useState(0);
  /** Which row the keys go on from as soon as it is chosen. */
  const next = useRef("");
  const sorted = useMemo(() => sortRows(shown.things), [shown]);
  const rows = useMemo(() => findRows(sorted, query), [sorted, query]);
  const at = chosen ? rows.findIndex((thing) => thing.id === chosen.id) : -1;
  // Another one that was chosen is among the rows; after that the list is paged freely.
  const asked = `${chosen?.id} ${query}`;
  const looked = useRef("");
  const from = looked.current === asked ? start : windowAround(rows.length, start, at).start;
  looked.current = asked;
  if (from !== start) setStart(from);
  const seen = windowAround(rows.length, from, -1);
  const ties = chosen && at >= 0 ? tiesOf(graph, shown, chosen) : [];
  const isOpen = chosen !== null && folded !== chosen.id;
  const tieAt = isOpen ? ties.findIndex(({ relation }) => relation.id === tie?.id) : -1;

  useLayoutEffect(() => {
    const row = tree.current?.querySelector(
      tieAt >= 0 ? '[aria-selected="true"][aria-level="2"]' : '[aria-selected="true"]',
    );
    row?.scrollIntoView({ block: "nearest" });
    const isNext = next.current === nameOfRow(chosen, tieAt >= 0 ? tie : null);
    const focused = document.activeElement;
    const isElsewhere = focused !== document.body && !section.current?.contains(focused);
    // Whoever has gone on in the picture stays there.
    if (isNext || isElsewhere) next.current = "";
    if (isNext && !isElsewhere) /** @type {HTMLElement | null | undefined} */ (row)?.focus({ preventScroll: true });
  }, [chosen?.id, tie?.id, seen.start, isOpen]);

  const choose = (/** @type {GraphThing} */ thing, /** @type {GraphRelation | null} */ relation = null) => {
    next.current = nameOfRow(thing, relation);
    onChoose(thing, relation);
  };
  const unfold = (/** @type {GraphThing} */ thing) => {
    setFolded(null);
    choose(thing);
  };
  const step = (/** @type {number} */ by) => {
    if (rows.length === 0) return;
    const ahead = tieAt + by;
    const isInside = isOpen && (tieAt >= 0 || by > 0) && ahead >= 0 && ahead < ties.length;
    if (isInside) choose(/** @type {any} */ (chosen), ties[ahead].relation);
    else if (tieAt >= 0 && by < 0) choose(/** @type {any} */ (chosen));
    else move(at < 0 ? 0 : at + by);
  };
  /** What the keys come to is folded, so that they go on from thing to thing. */
  const move = (/** @type {number} */ to) => {
    const thing = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!thing) return;
    if (thing.id !== chosen?.id) setFolded(thing.id);
    choose(thing);
  };
  const right = () => {
    if (!chosen || at < 0) return move(0);
    if (tieAt >= 0) return follow(ties[tieAt]);
    if (!isOpen) return unfold(chosen);
    if (ties.length > 0) choose(chosen, ties[0].relation);
  };
  /** To the other end, also where the words that were looked for are not in its name. */
  const follow = (/** @type {Tie} */ { other }) => {
    if (!rows.some((thing) => thing.id === other.id)) setQuery("");
    setFolded(null);
    next.current = nameOfRow(other, null);
    onChoose(other);
  };
  const left = () => {
    if (!chosen) return;
    if (tieAt >= 0) choose(chosen);
    else {
      setFolded(chosen.id);
      next.current = nameOfRow(chosen, null);
    }
  };
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    ArrowRight: right,
    ArrowLeft: left,
    Home: () => move(0),
    End: () => move(rows.length - 1),
    PageDown: () => move(at + 10),
    PageUp: () => move(at - 10),
    Enter: () => chosen && onOpen(tieAt >= 0 ? ties[tieAt].other : chosen),
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const run = !event.ctrlKey && !event.metaKey && !event.altKey && keys[keyOf(event)];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const search = (/** @type {KeyboardEvent} */ event) => {
    const name = keyOf(event);
    if (name !== "ArrowDown" && name !== "Enter") return;
    event.preventDefault();
    move(0);
  };
  const current = at >= seen.start && at < seen.end ? at : seen.start;
  return html`<section class="graph-list" aria-label=${t.list} ref=${section}>
    <label class="search"><${Icon} name="search" /><span class="sr-only">${t.find}</span>
      <input type="search" class="search__text" placeholder=${t.find} value=${query} onKeyDown=${search}
        onInput=${(/** @type {any} */ event) => setQuery(event.currentTarget.value)} /></label>
    <p class="sr-only" id=${`${id}-keys`}>${t.listKeys}</p>
    ${rows.length === 0 && html`<p class="quiet">${t.noMatches} <button type="button" class="link-button" onClick=${() => setQuery("")}>${controls.showAll}</button></p>`}
    ${seen.start > 0 && html`<button type="button" class="link-button" onClick=${() => setStart(Math.max(0, seen.start - seen.step))}>${t.earlier}</button>`}
    <ul class="graph-list__tree" role="tree" aria-label=${t.list} aria-describedby=${`${id}-keys`} ref=${tree} onKeyDown=${key} hidden=${rows.length === 0}>
      ${rows.slice(seen.start, seen.end).map((thing, index) => {
        const row = seen.start + index;
        const isChosen = row === at;
        const many = graph.touching[thing.place].length;
        return html`<${Row} key=${thing.id} thing=${thing} count=${many} setSize=${rows.length} place=${row + 1}
          isChosen=${isChosen && tieAt < 0} isOpen=${isChosen && isOpen} tabindex=${row === current && tieAt < 0 ? 0 : -1}
          onChoose=${() => (isChosen && tieAt < 0 && isOpen ? left() : unfold(thing))} onOpen=${() => onOpen(thing)}>
          ${
            isChosen &&
            isOpen &&
            html`<ul class="graph-list__ties" role="group">${ties.map(
              (
                each,
                tieIndex,
              ) => html`<${TieRow} key=${each.relation.id} tie=${each} setSize=${ties.length} place=${tieIndex + 1}
                isChosen=${tieIndex === tieAt} onChoose=${() => choose(thing, each.relation)} onFollow=${() => follow(each)} />`,
            )}</ul>`
          }
        </${Row}>`;
      })}
    </ul>
    ${seen.end < rows.length && html`<button type="button" class="link-button" onClick=${() => setStart(seen.start + seen.step)}>${t.later}</button>`}
  </section>`;
}

/**
 * @param {{ thing: GraphThing, count: number, setSize: number, place: number, isChosen: boolean, isOpen: boolean,
 *   tabindex: number, onChoose: () => void, onOpen: () => void, children: any }} props
 */
function Row({ thing, count, setSize, place, isChosen, isOpen, tabindex, onChoose, onOpen, children }) {
  const of = KINDS[thing.kind];
  const name = t.chosen(called(thing), of.noun, t.relations(count));
  return html`<li class="graph-list__thing" role="treeitem" aria-level="1" aria-setsize=${setSize} aria-posinset=${place}
    aria-expanded=${isOpen ? "true" : "false"} aria-selected=${isChosen ? "true" : "false"} tabindex=${tabindex}
    aria-label=${[name, thing.is_gm_only && t.gmOnly, thing.is_archived && t.archivedThing].filter(Boolean).join(", ")}>
    <div class="graph-list__row" onClick=${onChoose} onDblClick=${onOpen}>
      <${Mark} of=${markOf(thing.kind)} /><span class="graph-list__name">${called(thing)}</span>
      ${thing.is_gm_only && html`<${GmOnlySign} />`}${thing.is_archived && html`<span class="chip">${t.archivedThing}</span>`}
      <span class="graph-list__count">${of.title} · ${count}</span>
    </div>
    ${children}
  </li>`;
}

/** @param {{ tie: Tie, setSize: number, place: number, isChosen: boolean, onChoose: () => void, onFollow: () => void }} props */
function TieRow({ tie, setSize, place, isChosen, onChoose, onFollow }) {
  const { relation, other, isTo } = tie;
  const attitude = attitudeWord(relation.attitude);
  return html`<li class="graph-list__tie" role="treeitem" aria-level="2" aria-setsize=${setSize} aria-posinset=${place}
    aria-selected=${isChosen ? "true" : "false"} tabindex=${isChosen ? 0 : -1} aria-label=${tieWords(tie)}
    onClick=${onChoose} onDblClick=${onFollow}>
    <span class="graph-list__way" aria-hidden="true">${isTo ? "→" : "←"}</span>
    <span class="graph-list__said">${isTo ? t.toOther(called(other)) : t.fromOther(called(other))}${relation.label && `: ${relation.label}`}
      ${attitude && html` <span class="chip">${attitude}</span>`} ${relation.audience === "gm" && html`<${GmOnlySign} />`}</span>
  </li>`;
}

/** @param {GraphThing | null} thing @param {GraphRelation | null} relation */
function nameOfRow(thing, relation) {
  return thing ? [thing.id, relation?.id].join(" ") : "";
}
