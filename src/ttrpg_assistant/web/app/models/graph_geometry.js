/**
 * How a relation runs between its two things: straight, or bent beside others between the same two.
 *
 * @typedef {import("./relation_graph.js").GraphRelation} GraphRelation
 * @typedef {import("./graph_view.js").Point} Point
 * @typedef {{ from: Point, bend: Point | null, to: Point, middle: Point, angle: number }} Run
 *   `bend` is the control point of a curve; `angle` is how it comes in at its end
 */

/** How far relations between the same two things are apart, in pixels. */
const APART = 26;

/**
 * How far to the left of the straight way each relation runs, in steps; 0 where it is alone.
 * @param {GraphRelation[]} relations @returns {number[]} in the same order
 */
export function bendsOf(relations) {
  const key = (/** @type {GraphRelation} */ { from_place: from, to_place: to }) =>
    from < to ? `${from} ${to}` : `${to} ${from}`;
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const relation of relations) counts.set(key(relation), (counts.get(key(relation)) ?? 0) + 1);
  /** @type {Map<string, number>} */
  const met = new Map();
  return relations.map((relation) => {
    const all = counts.get(key(relation)) ?? 1;
    if (all === 1) return 0;
    const at = met.get(key(relation)) ?? 0;
    met.set(key(relation), at + 1);
    // Left and right are those of the thing that was made first, whichever way a relation goes.
    const side = at - (all - 1) / 2;
    return relation.from_place < relation.to_place ? side : -side;
  });
}

/**
 * From the edge of one thing to the edge of the other, on the screen.
 * @param {Point} one @param {Point} other @param {number} bend in steps
 * @param {number} leave pixels from the middle of the first @param {number} stop pixels before that of the other
 * @returns {Run}
 */
export function runBetween(one, other, bend, leave, stop) {
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const length = Math.hypot(dx, dy) || 1;
  if (bend === 0) {
    const [ux, uy] = [dx / length, dy / length];
    const from = { x: one.x + ux * leave, y: one.y + uy * leave };
    const to = { x: other.x - ux * stop, y: other.y - uy * stop };
    return { from, bend: null, to, middle: between(from, to), angle: Math.atan2(dy, dx) };
  }
  // A curve passes half as far from the straight way as its control point.
  const off = 2 * bend * Math.min(APART, length / 4);
  const control = { x: (one.x + other.x) / 2 + (dy / length) * off, y: (one.y + other.y) / 2 - (dx / length) * off };
  const from = toward(one, control, leave);
  const to = toward(other, control, stop);
  const middle = between(between(from, control), between(control, to));
  return { from, bend: control, to, middle, angle: Math.atan2(other.y - control.y, other.x - control.x) };
}

/** @param {Point} one @param {Point} other @returns {Point} */
function between(one, other) {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

/** So many pixels from one point toward another. @param {Point} one @param {Point} other @param {number} pixels @returns {Point} */
function toward(one, other, pixels) {
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const share = pixels / (Math.hypot(dx, dy) || 1);
  return { x: one.x + dx * share, y: one.y + dy * share };
}
