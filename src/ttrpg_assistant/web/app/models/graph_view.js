/**
 * Which part of the picture is seen: the point of the picture in the middle of the screen, and how
 * many pixels one unit of the picture takes.
 *
 * @typedef {{ x: number, y: number, scale: number }} View
 * @typedef {{ width: number, height: number }} Size in CSS pixels
 * @typedef {{ x: number, y: number }} Point
 */

export const SMALLEST = 0.02;
export const LARGEST = 4;

/** Room around what is fitted in, in pixels: names stand below things. */
const MARGIN = 48;

/** Few things are not blown up over the whole screen. */
const CLOSEST_FIT = 1.6;

/** The view that shows all of these. @param {Point[]} points @param {Size} size @returns {View} */
export function fitView(points, { width, height }) {
  if (points.length === 0) return { x: 0, y: 0, scale: 1 };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const across = Math.max(1, width - 2 * MARGIN) / Math.max(1, right - left);
  const down = Math.max(1, height - 2 * MARGIN) / Math.max(1, bottom - top);
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: clampScale(Math.min(across, down, CLOSEST_FIT)) };
}

/** @param {number} scale */
function clampScale(scale) {
  return Math.min(LARGEST, Math.max(SMALLEST, scale));
}

/** @param {View} view @param {Size} size @param {Point} point @returns {Point} where it is on the screen */
export function toScreen(view, { width, height }, { x, y }) {
  return { x: (x - view.x) * view.scale + width / 2, y: (y - view.y) * view.scale + height / 2 };
}

/** @param {View} view @param {Size} size @param {Point} at on the screen @returns {Point} */
export function toPicture(view, { width, height }, { x, y }) {
  return { x: (x - width / 2) / view.scale + view.x, y: (y - height / 2) / view.scale + view.y };
}

/** Moved by so many pixels. @param {View} view @param {number} dx @param {number} dy @returns {View} */
export function panBy(view, dx, dy) {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/** Zoomed so that what is at a point of the screen stays there. @param {View} view @param {Size} size @param {Point} at @param {number} factor @returns {View} */
export function zoomAt(view, size, at, factor) {
  const kept = toPicture(view, size, at);
  const scale = clampScale(view.scale * factor);
  return {
    x: kept.x - (at.x - size.width / 2) / scale,
    y: kept.y - (at.y - size.height / 2) / scale,
    scale,
  };
}

/** The same view, or one moved so far that a point is well inside. @param {View} view @param {Size} size @param {Point} point @returns {View} */
export function reveal(view, size, point) {
  const { x, y } = toScreen(view, size, point);
  const room = Math.min(MARGIN, size.width / 4, size.height / 4);
  const isInside = x >= room && x <= size.width - room && y >= room && y <= size.height - room;
  return isInside ? view : { ...view, x: point.x, y: point.y };
}

/**
 * What is drawn at a point of the screen, or close to it.
 * @template {{ place: number }} T
 * @param {T[]} things @param {Point[]} points by place @param {View} view @param {Size} size @param {Point} at
 * @param {(thing: T) => number} radius in pixels @param {number} near so many pixels beside it count too
 * @returns {T | null}
 */
export function thingAt(things, points, view, size, at, radius, near) {
  let [best, least] = [/** @type {T | null} */ (null), Infinity];
  for (const thing of things) {
    const { x, y } = toScreen(view, size, points[thing.place]);
    const away = Math.hypot(x - at.x, y - at.y) - radius(thing);
    if (away <= near && away < least) [best, least] = [thing, away];
  }
  return best;
}

/** @type {Record<string, Point>} */
export const DIRECTIONS = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * The next one in a direction: of those in the quarter that way the closest; what is straight ahead
 * before what is aside.
 * @template {{ place: number }} T
 * @param {T[]} others @param {Point[]} points by place @param {Point} from @param {Point} way @returns {T | null}
 */
export function nextToward(others, points, from, way) {
  let [best, least] = [/** @type {T | null} */ (null), Infinity];
  for (const each of others) {
    const [dx, dy] = [points[each.place].x - from.x, points[each.place].y - from.y];
    const ahead = dx * way.x + dy * way.y;
    const aside = Math.abs(dx * way.y) + Math.abs(dy * way.x);
    if (ahead <= 0 || aside > ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [each, cost];
  }
  return best;
}
