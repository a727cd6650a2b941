/**
 * The pictures of a thing in their order: its portrait has a place among them, but is not in the gallery.
 *
 * @typedef {import("../types.js").Picture} Picture
 */

/** Those of the gallery. @param {Picture[]} all @returns {Picture[]} */
export function inGallery(all) {
  return all.filter(({ role }) => role === "picture");
}

/**
 * The place that moves a picture one step among those of the gallery; null at its end.
 * @param {Picture[]} all in their order @param {string} id @param {1 | -1} step @returns {number | null}
 */
export function placeBeside(all, id, step) {
  const shown = inGallery(all);
  const other = shown[shown.findIndex((each) => each.id === id) + step];
  return other ? all.findIndex((each) => each.id === other.id) : null;
}

/** The same order with one picture moved. @param {Picture[]} all @param {string} id @param {number} place */
export function moved(all, id, place) {
  const others = all.filter((each) => each.id !== id);
  const it = all.filter((each) => each.id === id);
  return [...others.slice(0, place), ...it, ...others.slice(place)];
}

/** Pictures in the order of these ids, others after them. @param {Picture[]} all @param {string[] | null} order */
export function inOrder(all, order) {
  if (!order) return all;
  const places = new Map(order.map((id, at) => [id, at]));
  return [...all].sort((a, b) => (places.get(a.id) ?? all.length) - (places.get(b.id) ?? all.length));
}
