/**
 * Where the things of the picture stand. d3-force works it out, without chance: from the same
 * things and relations comes the same picture. It works in short pieces, so that the page answers
 * meanwhile; nothing is shown before it is done, so nothing moves under anybody's eyes.
 *
 * @typedef {import("./relation_graph.js").Graph} Graph
 * @typedef {import("./graph_view.js").Point} Point
 * @typedef {import("d3-force").Body} Body
 */

/** How long it works before the page has its turn, in milliseconds. */
const PIECE = 12;

/** Above so many things fewer and coarser steps must do. */
const MANY = 300;

/** How far apart things that are related want to be, in units of the picture. */
const DISTANCE = 110;

/**
 * The points of all things by their place. Where most stood before, they stay about there.
 * @param {typeof import("d3-force")} force @param {Graph} graph
 * @param {Map<string, Point>} earlier by the ids of things
 * @param {() => Promise<void>} pause lets the page have its turn
 * @returns {Promise<Point[]>}
 */
export async function arrange(force, graph, earlier, pause) {
  const known = graph.things.filter(({ id }) => earlier.has(id)).length;
  const isMany = graph.things.length > MANY;
  const bodies = begin(graph, earlier);
  const links = graph.relations.map(({ from_place: source, to_place: target }) => ({ source, target }));
  const simulation = force
    .forceSimulation(bodies)
    .stop()
    .force(
      "apart",
      force
        .forceManyBody()
        .strength(isMany ? -260 : -520)
        .theta(isMany ? 1.5 : 0.9),
    )
    .force("together", force.forceLink(links).distance(DISTANCE))
    .force("sideways", force.forceX(0).strength(isMany ? 0.06 : 0.08))
    .force("upright", force.forceY(0).strength(isMany ? 0.07 : 0.1))
    .force("room", isMany ? null : force.forceCollide(40));
  // What was there is only nudged by what is new.
  if (known * 2 > graph.things.length) simulation.alpha(0.15);
  simulation.alphaDecay(1 - 0.001 ** (1 / (isMany ? 80 : 240)));
  let began = performance.now();
  while (simulation.alpha() > 0.001) {
    simulation.tick();
    if (performance.now() - began > PIECE) {
      await pause();
      began = performance.now();
    }
  }
  return bodies.map(({ x, y }) => ({ x, y }));
}

/**
 * Where each begins: where it stood, else beside the first of its relations that has a place, else
 * on a spiral in the order in which they were made.
 * @param {Graph} graph @param {Map<string, Point>} earlier @returns {Body[]}
 */
function begin(graph, earlier) {
  /** @type {(Body | undefined)[]} */
  const bodies = graph.things.map(({ id }) => {
    const stood = earlier.get(id);
    return stood && { x: stood.x, y: stood.y };
  });
  return graph.things.map(({ place }) => {
    const stood = bodies[place];
    if (stood) return stood;
    const turn = place * Math.PI * (3 - Math.sqrt(5));
    const near = graph.touching[place]
      .map(({ from_place: from, to_place: to }) => bodies[from === place ? to : from])
      .find((each) => each !== undefined);
    const [x, y, away] = near ? [near.x, near.y, DISTANCE] : [0, 0, 30 * Math.sqrt(place + 0.5)];
    return (bodies[place] = { x: x + away * Math.cos(turn), y: y + away * Math.sin(turn) });
  });
}

/** Whether two graphs have the same things, related in the same way: then they look the same. @param {Graph | null} one @param {Graph} other */
export function isSameShape(one, other) {
  return (
    one !== null &&
    one.things.length === other.things.length &&
    one.relations.length === other.relations.length &&
    one.things.every(({ id }, at) => id === other.things[at].id) &&
    one.relations.every(
      ({ from_place: from, to_place: to }, at) =>
        from === other.relations[at].from_place && to === other.relations[at].to_place,
    )
  );
}

/** @returns {Promise<void>} after the page has had its turn */
export function yieldToPage() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
