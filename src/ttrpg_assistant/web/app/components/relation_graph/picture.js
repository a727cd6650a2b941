import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { Painter, radiusOf } from "../../models/graph_painter.js";
import { DIRECTIONS, fitView, nextToward, panBy, reveal, thingAt, zoomAt } from "../../models/graph_view.js";
import { otherEnd } from "../../models/relation_graph.js";
import { IconButton } from "../icon.js";
import { useOwnId } from "../use_own_id.js";
import { StillImage } from "./still_image.js";
import { useGestures } from "./use_gestures.js";
import { InkProbe, useInk } from "./use_ink.js";
import { relationGraph as t } from "../../words/en/relation_graph.js";

/**
 * The picture of the relations. What it shows is also in the list beside it, in words.
 *
 * @typedef {import("../../models/relation_graph.js").Graph} Graph
 * @typedef {import("../../models/relation_graph.js").GraphThing} GraphThing
 * @typedef {import("../../models/graph_view.js").View} View
 * @typedef {import("../../models/graph_view.js").Size} Size
 *
 * @param {{ arranged: import("./use_points.js").Arranged | null, shown: import("../../models/relation_graph.js").Shown,
 *   fitted: string, chosen: GraphThing | null, tie: import("../../models/relation_graph.js").GraphRelation | null,
 *   onChoose: (thing: GraphThing | null) => void, onOpen: (thing: GraphThing) => void, children: any }} props
 *   `fitted`: all is shown again when this changes; `children`: what is said while there is no picture
 */
export function Picture({ arranged, shown, fitted, chosen, tie, onChoose, onOpen, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const painter = useMemo(() => new Painter(), []);
  const still = useMemo(() => new StillImage(), []);
  const isMoving = useRef(false);
  const ink = useInk(box);
  const size = useSize(box);
  const [isFocused, setFocused] = useState(false);
  const view = useRef(/** @type {View | null} */ (null));
  const frame = useRef(0);
  const id = useOwnId();
  const now = useRef(/** @type {any} */ (null));
  now.current = { arranged, shown, chosen, tie, ink, size, isFocused };

  const paint = () => {
    frame.current = 0;
    const { arranged: of, ink: colours, size: pixels, ...scene } = now.current;
    if (!of || !colours || !pixels || !view.current) return;
    // Not before there is something to paint: without transparency a canvas begins black.
    const context = canvas.current?.getContext("2d", { alpha: false });
    if (!context) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [Math.round(pixels.width * ratio), Math.round(pixels.height * ratio)];
    const drawn = /** @type {HTMLCanvasElement} */ (canvas.current);
    if (drawn.width !== width || drawn.height !== height) Object.assign(drawn, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const moves = isMoving.current;
    isMoving.current = false;
    if (moves && still.show(context, view.current, pixels, colours.ground, repaint)) return;
    const began = performance.now();
    painter.paint(context, { ...scene, ...of, ink: colours, size: pixels, view: view.current });
    still.note(view.current, performance.now() - began);
    drawn.dataset.drawn = "true";
  };
  const repaint = () => {
    if (frame.current === 0) frame.current = requestAnimationFrame(paint);
  };
  const look = (/** @type {View} */ next) => {
    view.current = next;
    isMoving.current = frame.current === 0 || isMoving.current;
    repaint();
  };
  const showAll = () => {
    if (arranged && size)
      look(
        fitView(
          shown.things.map(({ place }) => arranged.points[place]),
          size,
        ),
      );
  };
  const change = (/** @type {(view: View, size: Size) => View} */ next) => {
    if (view.current && size) look(next(view.current, size));
  };
  const zoom = (/** @type {number} */ factor) =>
    change((at, { width, height }) => zoomAt(at, { width, height }, { x: width / 2, y: height / 2 }, factor));

  const isReady = arranged !== null && size !== null;
  useEffect(showAll, [isReady, fitted, size?.width]);
  useEffect(() => {
    const point = chosen && arranged?.points[chosen.place];
    if (point && shown.isShown[chosen.place]) change((at, pixels) => reveal(at, pixels, point));
  }, [chosen?.id, isReady]);
  useEffect(() => {
    // Something else changed than where one looks.
    isMoving.current = false;
    repaint();
  });
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      still.close();
    },
    [],
  );

  const at = (/** @type {{ x: number, y: number }} */ point, /** @type {number} */ near) =>
    arranged && size && view.current
      ? thingAt(
          shown.things,
          arranged.points,
          view.current,
          size,
          point,
          (thing) => radiusOf(arranged.graph, thing, view.current?.scale ?? 1),
          near,
        )
      : null;
  const gestures = useGestures(canvas, {
    pan: (dx, dy) => change((from) => panBy(from, dx, dy)),
    zoom: (point, factor) => change((from, pixels) => zoomAt(from, pixels, point, factor)),
    tap: (point, near) => onChoose(at(point, near)),
    open: (point, near) => {
      const thing = at(point, near);
      if (thing) onOpen(thing);
    },
    isOver: (point) => at(point, 4) !== null,
  });

  const go = (/** @type {{ x: number, y: number }} */ way) => {
    if (!arranged) return;
    const { graph, points } = arranged;
    if (!chosen || !shown.isShown[chosen.place]) return onChoose(mostRelated(graph, shown.things));
    const neighbours = graph.touching[chosen.place]
      .map((relation) => graph.things[otherEnd(relation, chosen.place)])
      .filter(({ place }) => shown.isShown[place]);
    const from = points[chosen.place];
    const next = nextToward(neighbours, points, from, way) ?? nextToward(shown.things, points, from, way);
    if (next) onChoose(next);
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const name = keyOf(event);
    const way = DIRECTIONS[name];
    if (way && event.shiftKey) change((from) => panBy(from, -60 * way.x, -60 * way.y));
    else if (way) go(way);
    else if (name === "+" || name === "=") zoom(1.3);
    else if (name === "-") zoom(1 / 1.3);
    else if (name === "0") showAll();
    else if (name === "Enter" && chosen) onOpen(chosen);
    else if (name === "Escape" && chosen) onChoose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return html`<div class="graph-picture" ref=${box}>
    <${InkProbe} />
    <div class="graph-picture__keys" role="application" tabindex="0" aria-label=${t.picture} aria-describedby=${`${id}-keys`}
      onKeyDown=${key} onFocus=${() => setFocused(true)} onBlur=${() => setFocused(false)}>
      <canvas class="graph-picture__canvas" ref=${canvas} aria-hidden="true" data-drawn="false"
        ...${gestures}></canvas>
    </div>
    <p class="sr-only" id=${`${id}-keys`}>${t.pictureKeys}</p>
    ${!arranged && html`<div class="graph-picture__said">${children}</div>`}
    <div class="graph-picture__tools">
      <${IconButton} icon="plus" label=${t.zoomIn} onClick=${() => zoom(1.4)} />
      <${IconButton} icon="minus" label=${t.zoomOut} onClick=${() => zoom(1 / 1.4)} />
      <button type="button" class="button button--small" onClick=${showAll}>${t.fit}</button>
    </div>
  </div>`;
}

/** Where the keys begin. @param {Graph} graph @param {GraphThing[]} things */
function mostRelated(graph, things) {
  return things.reduce(
    (best, thing) => (best && graph.touching[best.place].length >= graph.touching[thing.place].length ? best : thing),
    /** @type {GraphThing | null} */ (null),
  );
}

/** How large an element is, in CSS pixels. @param {{ current: HTMLElement | null }} element @returns {Size | null} */
function useSize(element) {
  const [size, setSize] = useState(/** @type {Size | null} */ (null));
  useEffect(() => {
    const watch = new ResizeObserver(
      ([
        {
          contentRect: { width, height },
        },
      ]) => setSize({ width, height }),
    );
    watch.observe(/** @type {HTMLElement} */ (element.current));
    return () => watch.disconnect();
  }, []);
  return size;
}
