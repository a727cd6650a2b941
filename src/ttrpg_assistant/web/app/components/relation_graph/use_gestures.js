import { useEffect, useRef } from "preact/hooks";

/**
 * What fingers, a pen and a mouse do with the picture: drag moves it, two fingers or the wheel with
 * Ctrl zoom, a tap chooses, a double tap opens.
 *
 * @typedef {import("../../models/graph_view.js").Point} Point
 * @typedef {object} Gestures
 * @property {(dx: number, dy: number) => void} pan in pixels
 * @property {(at: Point, factor: number) => void} zoom
 * @property {(at: Point, near: number) => void} tap `near`: so many pixels beside a thing count too
 * @property {(at: Point, near: number) => void} open
 * @property {(at: Point) => boolean} isOver whether there is something to choose
 */

/** A pointer that moved less than this, in pixels, has not dragged anything. */
const STILL = 6;

/** A finger covers more than a mouse points at. */
const NEAR_FINGER = 18;
const NEAR_MOUSE = 6;

/** @param {{ current: HTMLElement | null }} element @param {Gestures} gestures */
export function useGestures(element, gestures) {
  const pointers = useRef(/** @type {Map<number, Point>} */ (new Map()));
  const moved = useRef(0);
  const current = useRef(gestures);
  current.current = gestures;

  useEffect(() => {
    // Not passive, as Preact's own listener would be: else the whole page is zoomed too.
    const wheel = (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      current.current.zoom({ x: event.offsetX, y: event.offsetY }, Math.exp(-event.deltaY / 240));
    };
    element.current?.addEventListener("wheel", wheel, { passive: false });
    return () => element.current?.removeEventListener("wheel", wheel);
  }, []);

  const place = (/** @type {PointerEvent | MouseEvent} */ event) => ({ x: event.offsetX, y: event.offsetY });
  const near = (/** @type {any} */ event) => (event.pointerType === "touch" ? NEAR_FINGER : NEAR_MOUSE);
  return {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      element.current?.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, place(event));
      if (pointers.current.size === 1) moved.current = 0;
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const held = pointers.current;
      const before = held.get(event.pointerId);
      const at = place(event);
      if (!before) {
        if (event.pointerType === "mouse" && element.current)
          element.current.dataset.over = current.current.isOver(at) ? "true" : "false";
        return;
      }
      held.set(event.pointerId, at);
      const [dx, dy] = [at.x - before.x, at.y - before.y];
      moved.current += Math.abs(dx) + Math.abs(dy);
      if (held.size === 1) {
        if (moved.current >= STILL) current.current.pan(dx, dy);
        return;
      }
      const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
      if (!other) return;
      const wide = Math.hypot(before.x - other.x, before.y - other.y) || 1;
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      current.current.zoom(middle, (Math.hypot(at.x - other.x, at.y - other.y) || 1) / wide);
      current.current.pan(dx / 2, dy / 2);
    },
    onPointerUp: (/** @type {PointerEvent} */ event) => {
      if (!pointers.current.delete(event.pointerId)) return;
      if (pointers.current.size === 0 && moved.current < STILL) current.current.tap(place(event), near(event));
      // The rest of a pinch is no tap.
      else moved.current = STILL;
    },
    onPointerCancel: (/** @type {PointerEvent} */ event) => pointers.current.delete(event.pointerId),
    onDblClick: (/** @type {MouseEvent} */ event) => current.current.open(place(event), NEAR_MOUSE),
  };
}
