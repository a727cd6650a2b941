import { useRef } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { table as t } from "../../words/en/table.js";

const LEAST = 280;
const MOST = 720;
const STEP = 24;

/**
 * The edge between the chat and the side panel: dragged, or moved with the arrow keys.
 * @param {{ width: number, onWidth: (width: number, last: boolean) => void }} props
 */
export function Divider({ width, onWidth }) {
  const from = useRef(/** @type {{ x: number, width: number } | null} */ (null));
  const within = (/** @type {number} */ next) => Math.round(Math.max(LEAST, Math.min(MOST, next)));
  const begin = (/** @type {any} */ event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, width };
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (from.current) onWidth(within(from.current.width + from.current.x - event.clientX), false);
  };
  const end = (/** @type {PointerEvent} */ event) => {
    if (!from.current) return;
    onWidth(within(from.current.width + from.current.x - event.clientX), true);
    from.current = null;
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowLeft: STEP, ArrowRight: -STEP }[keyOf(event)];
    if (!step) return;
    event.preventDefault();
    onWidth(within(width + step), true);
  };
  return html`<div class="divider" role="separator" aria-orientation="vertical" aria-label=${t.sideWidth} tabindex="0"
    aria-valuenow=${width} aria-valuemin=${LEAST} aria-valuemax=${MOST}
    onPointerDown=${begin} onPointerMove=${move} onPointerUp=${end} onPointerCancel=${end} onKeyDown=${key}></div>`;
}
