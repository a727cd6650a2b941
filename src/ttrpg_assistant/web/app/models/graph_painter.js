import { cutText } from "./characters.js";
import { bendsOf, runBetween } from "./graph_geometry.js";
import { LINES, lineOf, markOf } from "./graph_marks.js";
import { toScreen } from "./graph_view.js";
import { called, relationPhrase } from "./relation_graph.js";

/**
 * Draws the picture of relations on a canvas. What is chosen stands out, and what has nothing to do
 * with it steps back; names are written where there is room for them.
 *
 * @typedef {import("./relation_graph.js").Graph} Graph
 * @typedef {import("./relation_graph.js").GraphThing} GraphThing
 * @typedef {import("./relation_graph.js").GraphRelation} GraphRelation
 * @typedef {import("./relation_graph.js").Shown} Shown
 * @typedef {import("./graph_view.js").Point} Point
 * @typedef {import("./graph_view.js").View} View
 * @typedef {import("./graph_view.js").Size} Size
 * @typedef {import("./graph_geometry.js").Run} Run
 *
 * @typedef {object} Ink colours as the browser spells them
 * @property {string} ground @property {string} ink @property {string} quiet
 * @property {string} accent @property {string} secret
 * @property {string[]} kinds @property {string[]} lines by attitude, as in `LINES`
 * @property {string} font its families
 *
 * @typedef {object} Scene
 * @property {Graph} graph @property {Shown} shown @property {Point[]} points by place
 * @property {View} view @property {Size} size
 * @property {Ink} ink
 * @property {GraphThing | null} chosen
 * @property {GraphRelation | null} tie the relation that is chosen in the list
 * @property {boolean} isFocused whether the keys go to the picture
 */

/** Above so many lines at once no dashes can be told apart; the words are in the list. */
const DENSE = 1200;
const DENSE_WIDTH = 0.35;

/** What steps back is drawn this faint. */
const FAINT = 0.22;

/** Pixels from one thing to the next from which on arrows and marks are drawn. */
const ROOM_FOR_ARROWS = 34;
/** As far apart as related things are laid out, in units of the picture. */
const DISTANCE = 110;

/** So few things are never drawn small. */
const FEW = 60;

/** So many names at most, each so many characters long, in pixels so high. */
const MOST_NAMES = 140;
const LONGEST_NAME = 28;
const NAME_SIZE = 13;
const BOLD = "600";
/** So many relations have their words beside them: of what is chosen, or of all where these are few. */
const MOST_PHRASES = 40;

/** How large a thing is drawn, in pixels: what has many relations is larger. @param {Graph} graph @param {GraphThing} thing @param {number} scale */
export function radiusOf(graph, thing, scale) {
  const size = 7 + 1.6 * Math.sqrt(graph.touching[thing.place].length);
  const least = graph.things.length <= FEW ? 0.85 : 0.2;
  return Math.max(2.2, size * Math.min(1.25, Math.max(least, scale)));
}

export class Painter {
  /** @type {Map<string, Path2D>} */
  #outlines = new Map();
  /** @type {{ graph: Graph | null, bends: Map<string, number>, byWeight: GraphThing[] }} */
  #known = { graph: null, bends: new Map(), byWeight: [] };
  /** @type {Map<string, { text: string, width: number }>} */
  #names = new Map();
  #font = "";

  /** @param {CanvasRenderingContext2D} canvas scaled so that a unit is a CSS pixel @param {Scene} scene */
  paint(canvas, scene) {
    this.#learn(scene.graph);
    const { size, ink, graph, shown, chosen } = scene;
    canvas.globalAlpha = 1;
    canvas.fillStyle = ink.ground;
    canvas.fillRect(0, 0, size.width, size.height);
    /** @type {Point[]} */
    const at = [];
    for (const { place } of shown.things) at[place] = toScreen(scene.view, size, scene.points[place]);
    const isBright = chosen && shown.isShown[chosen.place] ? brightAround(graph, shown, chosen) : null;
    /** @type {GraphRelation[]} */
    const bright = [];
    /** @type {GraphRelation[]} */
    const faint = [];
    for (const relation of shown.relations) {
      const { from_place: from, to_place: to } = relation;
      if (!crosses(at[from], at[to], size)) continue;
      const isOfChosen = !isBright || from === chosen?.place || to === chosen?.place;
      (isOfChosen ? bright : faint).push(relation);
    }
    // So many that step back are only a fog.
    if (faint.length <= DENSE) this.#relations(canvas, scene, faint, at, true);
    this.#things(canvas, scene, at, isBright, false);
    this.#relations(canvas, scene, bright, at, false);
    this.#things(canvas, scene, at, isBright, true);
    this.#words(canvas, scene, bright, at, isBright);
  }

  /** @param {Graph} graph */
  #learn(graph) {
    if (this.#known.graph === graph) return;
    const bends = bendsOf(graph.relations);
    this.#known = {
      graph,
      bends: new Map(graph.relations.map(({ id }, index) => [id, bends[index]])),
      byWeight: [...graph.things].sort(
        (a, b) => graph.touching[b.place].length - graph.touching[a.place].length || a.place - b.place,
      ),
    };
    this.#names.clear();
  }

  /** @param {Scene} scene @param {GraphRelation} relation @param {Point[]} at @returns {Run} */
  #run({ graph, view }, relation, at) {
    const { from_place: from, to_place: to } = relation;
    const [leave, stop] = [from, to].map((place) => radiusOf(graph, graph.things[place], view.scale) + 3);
    return runBetween(at[from], at[to], this.#known.bends.get(relation.id) ?? 0, leave, stop);
  }

  /** @param {CanvasRenderingContext2D} canvas @param {Scene} scene @param {GraphRelation[]} relations @param {Point[]} at @param {boolean} isFaint */
  #relations(canvas, scene, relations, at, isFaint) {
    const { ink, chosen, tie } = scene;
    const hasArrows = !isFaint && (chosen !== null || scene.view.scale * DISTANCE > ROOM_FOR_ARROWS);
    const isDense = relations.length > DENSE;
    const lines = LINES.map(() => new Path2D());
    const arrows = LINES.map(() => new Path2D());
    const marks = new Path2D();
    for (const relation of relations) {
      const line = lineOf(relation.attitude);
      const run = this.#run(scene, relation, at);
      draw(lines[line], run);
      if (!hasArrows) continue;
      arrow(arrows[line], run, relation.attitude === 2 ? 10 : 8);
      if (relation.audience === "gm") crossMark(marks, run);
      if (relation.id !== tie?.id) continue;
      const halo = new Path2D();
      draw(halo, run);
      canvas.globalAlpha = 0.35;
      canvas.strokeStyle = ink.accent;
      canvas.lineWidth = 9;
      canvas.setLineDash([]);
      canvas.stroke(halo);
    }
    canvas.globalAlpha = isFaint ? FAINT : 1;
    LINES.forEach(({ dash, width }, line) => {
      canvas.strokeStyle = canvas.fillStyle = ink.lines[line];
      canvas.lineWidth = isDense ? width * DENSE_WIDTH : width;
      canvas.setLineDash(isFaint || isDense ? [] : dash);
      canvas.stroke(lines[line]);
      if (hasArrows) canvas.fill(arrows[line]);
    });
    canvas.setLineDash([]);
    if (hasArrows) {
      canvas.strokeStyle = ink.secret;
      canvas.lineWidth = 2;
      canvas.stroke(marks);
    }
    canvas.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} canvas @param {Scene} scene @param {Point[]} at @param {boolean[] | null} isBright @param {boolean} bright which of both are drawn */
  #things(canvas, scene, at, isBright, bright) {
    const { graph, shown, view, size, ink, chosen } = scene;
    canvas.globalAlpha = bright ? 1 : FAINT;
    const before = canvas.getTransform();
    for (const thing of shown.things) {
      if ((isBright?.[thing.place] ?? true) !== bright) continue;
      const { x, y } = at[thing.place];
      const radius = radiusOf(graph, thing, view.scale);
      if (x < -radius || y < -radius || x > size.width + radius || y > size.height + radius) continue;
      const mark = markOf(thing.kind);
      canvas.fillStyle = ink.kinds[mark.colour];
      if (radius < 3) {
        canvas.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
        continue;
      }
      canvas.translate(x, y);
      canvas.scale(radius, radius);
      const outline = this.#outline(mark.outline);
      canvas.globalAlpha = (bright ? 1 : FAINT) * (thing.is_archived ? 0.45 : 1);
      canvas.fill(outline);
      canvas.globalAlpha = bright ? 1 : FAINT;
      canvas.setTransform(before);
      if (thing.is_gm_only) ring(canvas, x, y, radius + 4, ink.secret, 2, [3, 3]);
      if (thing === chosen) ring(canvas, x, y, radius + 6, ink.accent, scene.isFocused ? 4 : 3, []);
    }
    canvas.setTransform(before);
    canvas.globalAlpha = 1;
  }

  /** @param {string} path */
  #outline(path) {
    const known = this.#outlines.get(path) ?? new Path2D(path);
    this.#outlines.set(path, known);
    return known;
  }

  /** Names where there is room, the chosen and its neighbours first; then what its relations say. @param {CanvasRenderingContext2D} canvas @param {Scene} scene @param {GraphRelation[]} bright @param {Point[]} at @param {boolean[] | null} isBright */
  #words(canvas, scene, bright, at, isBright) {
    const { graph, view, size, ink, chosen, tie } = scene;
    const taken = new Taken();
    const areFew = bright.length <= MOST_PHRASES;
    for (const { place } of areFew ? scene.shown.things : []) {
      const radius = radiusOf(graph, graph.things[place], view.scale);
      taken.put(at[place].x - radius, at[place].y - radius, 2 * radius, 2 * radius);
    }
    canvas.textAlign = "center";
    canvas.textBaseline = "top";
    canvas.lineJoin = "round";
    this.#setFont(canvas, [BOLD, `${NAME_SIZE}px`, ink.font].join(" "));
    const other = tie && chosen ? graph.things[tie.from_place === chosen.place ? tie.to_place : tie.from_place] : null;
    const first = [chosen, other].filter((thing) => thing && scene.shown.isShown[thing.place]);
    let written = 0;
    for (const thing of new Set([...first, ...this.#known.byWeight])) {
      if (written >= MOST_NAMES) break;
      const point = thing && at[thing.place];
      if (!point || (isBright && !isBright[thing.place])) continue;
      if (point.x < 0 || point.x > size.width || point.y < 0 || point.y > size.height) continue;
      const { text, width } = this.#name(canvas, thing);
      const away = radiusOf(graph, thing, view.scale) + (thing === chosen ? 9 : 5);
      /** @type {[x: number, top: number][]} below, above, and on both sides */
      const places = [
        [point.x, point.y + away],
        [point.x, point.y - away - NAME_SIZE - 2],
        [point.x + away + width / 2, point.y - NAME_SIZE / 2],
        [point.x - away - width / 2, point.y - NAME_SIZE / 2],
      ];
      const room = (areFew ? places : places.slice(0, 1)).find(
        ([x, top]) =>
          // Beside the edge of a phone another side has room.
          (!areFew || (x >= width / 2 && x + width / 2 <= size.width)) &&
          taken.take(x - width / 2, top, width, NAME_SIZE + 2),
      );
      if (!room) continue;
      written += 1;
      haloed(canvas, text, ...room, ink.ground, ink.ink);
    }
    if (!isBright && !areFew) return;
    this.#setFont(canvas, [`${NAME_SIZE - 1}px`, ink.font].join(" "));
    const said = [...bright].sort((a, b) => Number(b.id === tie?.id) - Number(a.id === tie?.id));
    for (const relation of said.slice(0, MOST_PHRASES)) {
      const { middle } = this.#run(scene, relation, at);
      const text = shortened(relationPhrase(relation));
      const width = canvas.measureText(text).width;
      if (!text || !taken.take(middle.x - width / 2, middle.y - NAME_SIZE / 2, width, NAME_SIZE)) continue;
      haloed(canvas, text, middle.x, middle.y - NAME_SIZE / 2, ink.ground, ink.quiet);
    }
  }

  /** @param {CanvasRenderingContext2D} canvas @param {string} font */
  #setFont(canvas, font) {
    canvas.font = font;
    if (this.#font !== font && font.startsWith(BOLD)) {
      this.#font = font;
      this.#names.clear();
    }
  }

  /** @param {CanvasRenderingContext2D} canvas @param {GraphThing} thing */
  #name(canvas, thing) {
    const known = this.#names.get(thing.id);
    if (known) return known;
    const text = shortened(called(thing));
    const made = { text, width: canvas.measureText(text).width };
    this.#names.set(thing.id, made);
    return made;
  }
}

/** @param {Graph} graph @param {Shown} shown @param {GraphThing} chosen @returns {boolean[]} by place */
function brightAround(graph, shown, { place }) {
  /** @type {boolean[]} */
  const isBright = graph.things.map(() => false);
  isBright[place] = true;
  for (const { from_place: from, to_place: to } of graph.touching[place]) isBright[from] = isBright[to] = true;
  return isBright.map((bright, each) => bright && shown.isShown[each]);
}

/** Whether a line may be on the screen. @param {Point} one @param {Point} other @param {Size} size */
function crosses(one, other, { width, height }) {
  const beside = Math.max(one.x, other.x) < 0 || Math.min(one.x, other.x) > width;
  return !beside && Math.max(one.y, other.y) >= 0 && Math.min(one.y, other.y) <= height;
}

/** @param {Path2D} path @param {Run} run */
function draw(path, { from, bend, to }) {
  path.moveTo(from.x, from.y);
  if (bend) path.quadraticCurveTo(bend.x, bend.y, to.x, to.y);
  else path.lineTo(to.x, to.y);
}

/** @param {Path2D} path @param {Run} run @param {number} size in pixels */
function arrow(path, { to, angle }, size) {
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  path.moveTo(to.x + ux * 2, to.y + uy * 2);
  path.lineTo(to.x - ux * size - uy * size * 0.5, to.y - uy * size + ux * size * 0.5);
  path.lineTo(to.x - ux * size + uy * size * 0.5, to.y - uy * size - ux * size * 0.5);
  path.closePath();
}

/** Two strokes across the middle: only the game master knows. @param {Path2D} path @param {Run} run */
function crossMark(path, { from, to, middle }) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  for (const along of [-2.5, 2.5]) {
    const [x, y] = [middle.x + ux * along, middle.y + uy * along];
    path.moveTo(x - uy * 5, y + ux * 5);
    path.lineTo(x + uy * 5, y - ux * 5);
  }
}

/** @param {CanvasRenderingContext2D} canvas @param {number} x @param {number} y @param {number} radius @param {string} colour @param {number} width @param {number[]} dash */
function ring(canvas, x, y, radius, colour, width, dash) {
  canvas.beginPath();
  canvas.arc(x, y, radius, 0, 2 * Math.PI);
  canvas.strokeStyle = colour;
  canvas.lineWidth = width;
  canvas.setLineDash(dash);
  canvas.stroke();
  canvas.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} canvas @param {string} text @param {number} x @param {number} y @param {string} ground @param {string} ink */
function haloed(canvas, text, x, y, ground, ink) {
  canvas.strokeStyle = ground;
  canvas.lineWidth = 4;
  canvas.strokeText(text, x, y);
  canvas.fillStyle = ink;
  canvas.fillText(text, x, y);
}

/** @param {string} text */
function shortened(text) {
  return text.length > LONGEST_NAME ? `${cutText(text, LONGEST_NAME - 1)}…` : text;
}

/** Where words stand already. */
class Taken {
  /** @type {[number, number, number, number][]} */
  #boxes = [];

  /** Whether there is room; then it is taken. @param {number} x @param {number} y @param {number} width @param {number} height */
  take(x, y, width, height) {
    const isTaken = this.#boxes.some(
      ([left, top, right, bottom]) => x < right && x + width > left && y < bottom && y + height > top,
    );
    if (!isTaken) this.put(x, y, width, height);
    return !isTaken;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  put(x, y, width, height) {
    this.#boxes.push([x - 3, y - 1, x + width + 3, y + height + 1]);
  }
}
