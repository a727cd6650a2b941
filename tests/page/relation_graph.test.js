import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

const { EVERYTHING, countKinds, narrow, readGraph, tagsOf, tieWords, tiesOf } = await import(
  "../../src/ttrpg_assistant/web/app/models/relation_graph.js"
);
const { findRows, sortRows, windowAround } = await import("../../src/ttrpg_assistant/web/app/models/relation_rows.js");
const { bendsOf, runBetween } = await import("../../src/ttrpg_assistant/web/app/models/graph_geometry.js");
const { LINES, lineOf, markOf } = await import("../../src/ttrpg_assistant/web/app/models/graph_marks.js");
const { THINGS } = await import("../../src/ttrpg_assistant/web/app/state/campaign/campaign_kinds.js");
const { fitView, nextToward, panBy, reveal, thingAt, toPicture, toScreen, zoomAt } = await import(
  "../../src/ttrpg_assistant/web/app/models/graph_view.js"
);
const { arrange, isSameShape } = await import("../../src/ttrpg_assistant/web/app/models/graph_layout.js");
const force = await import("d3-force");

const SIZE = { width: 600, height: 400 };

function thing(name, more = {}) {
  return { kind: "npc", id: name, name, tags: [], is_gm_only: false, is_archived: false, ...more };
}

function relation(from_place, to_place, more = {}) {
  return {
    id: `${from_place}-${to_place}`,
    from_place,
    to_place,
    label: "",
    attitude: null,
    audience: "public",
    ...more,
  };
}

/** Aldo → Brisa → Corvin → Dagny, and Edda → Aldo. */
function chain() {
  return readGraph({
    things: [
      thing("Aldo", { tags: ["party"] }),
      thing("Brisa", { tags: ["party", "elf"] }),
      thing("Corvin", { kind: "faction" }),
      thing("Dagny", { is_archived: true }),
      thing("Edda"),
    ],
    relations: [
      relation(0, 1, { label: "trusts", attitude: 1 }),
      relation(1, 2),
      relation(2, 3),
      relation(4, 0, { audience: "gm" }),
    ],
    left_out: 3,
  });
}

const names = ({ things }) => things.map(({ name }) => name);

test("what is shown is narrowed by kind, tag and archive, and relations go with their ends", () => {
  const graph = chain();
  assert.equal(graph.leftOut, 3);
  assert.deepEqual(names(narrow(graph, EVERYTHING)), ["Aldo", "Brisa", "Corvin", "Edda"]);
  assert.equal(narrow(graph, EVERYTHING).relations.length, 3);
  assert.equal(narrow(graph, { ...EVERYTHING, archived: true }).relations.length, 4);
  assert.deepEqual(names(narrow(graph, { ...EVERYTHING, hidden: new Set(["npc"]) })), ["Corvin"]);
  assert.deepEqual(narrow(graph, { ...EVERYTHING, hidden: new Set(["npc"]) }).relations, []);
  assert.deepEqual(names(narrow(graph, { ...EVERYTHING, tag: "party" })), ["Aldo", "Brisa"]);
  assert.deepEqual(tagsOf(graph), ["elf", "party"]);
  assert.deepEqual(
    [...countKinds(graph)],
    [
      ["npc", 4],
      ["faction", 1],
    ],
  );
});

test("what is around a thing is counted in relations, either way, and what is not shown is no way through", () => {
  const graph = chain();
  const around = (near, steps, more = {}) =>
    names(narrow(graph, { ...EVERYTHING, archived: true, near, steps, ...more }));
  assert.deepEqual(around("Aldo", 1), ["Aldo", "Brisa", "Edda"]);
  assert.deepEqual(around("Aldo", 2), ["Aldo", "Brisa", "Corvin", "Edda"]);
  assert.deepEqual(around("Aldo", 3), ["Aldo", "Brisa", "Corvin", "Dagny", "Edda"]);
  assert.deepEqual(around("Aldo", 3, { hidden: new Set(["faction"]) }), ["Aldo", "Brisa", "Edda"]);
  assert.deepEqual(around("Corvin", 1, { hidden: new Set(["faction"]) }), ["Brisa", "Corvin", "Dagny"]);
  assert.deepEqual(around("nobody", 1), ["Aldo", "Brisa", "Corvin", "Dagny", "Edda"], "it was deleted");
});

test("a relation is said from the end that is looked at, with attitude and audience in words", () => {
  const graph = chain();
  const shown = narrow(graph, EVERYTHING);
  const said = (place) => tiesOf(graph, shown, graph.things[place]).map(tieWords);
  assert.deepEqual(said(0), ["To Brisa: trusts, friendly", "From Edda: GM only"]);
  assert.deepEqual(said(1), ["From Aldo: trusts, friendly", "To Corvin"]);
  assert.deepEqual(said(2), ["From Brisa"], "what is archived is not shown");
});

test("rows are found without accents, sorted by name, and a window of them moves to the chosen one", () => {
  const rows = sortRows([thing("Zoë 10"), thing("zoe 9"), thing("Ánna")]);
  assert.deepEqual(names({ things: rows }), ["Ánna", "zoe 9", "Zoë 10"]);
  assert.deepEqual(names({ things: findRows(rows, " ZOE 1") }), ["Zoë 10"]);
  assert.equal(findRows(rows, ""), rows);
  const around = (...asked) => {
    const { start, end } = windowAround(...asked);
    return [start, end];
  };
  assert.deepEqual(around(30, 0, -1), [0, 30]);
  assert.deepEqual(around(2000, 0, 99), [0, 100]);
  assert.deepEqual(around(2000, 0, 100), [50, 150]);
  assert.deepEqual(around(2000, 0, 1999), [1900, 2000]);
  assert.deepEqual(around(2000, 5000, -1), [1900, 2000]);
  assert.deepEqual(around(0, 50, -1), [0, 0]);
});

test("every kind has a shape of its own, and every attitude a line of its own besides its colour", () => {
  const shapes = THINGS.map(({ name }) => markOf(name).outline);
  assert.equal(new Set(shapes).size, Math.min(THINGS.length, 10));
  assert.ok(markOf("a kind that came later").outline);
  assert.equal(new Set(LINES.map(({ dash, width }) => `${dash} ${width}`)).size, LINES.length);
  assert.deepEqual([-2, -1, 0, 1, 2, null].map(lineOf), [0, 1, 2, 3, 4, 5]);
  assert.equal(lineOf(7), 5);
});

test("relations between the same two things never lie on each other, whichever way they go", () => {
  const relations = [relation(0, 1), relation(1, 0), relation(1, 2), relation(0, 1)];
  const bends = bendsOf(relations);
  assert.equal(bends[2], 0);
  const at = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 0, y: 100 },
  ];
  const middles = [0, 1, 3].map((index) => {
    const { from_place: from, to_place: to } = relations[index];
    return runBetween(at[from], at[to], bends[index], 10, 10).middle.y;
  });
  assert.equal(new Set(middles.map(Math.round)).size, 3, String(middles));
  const straight = runBetween(at[0], at[1], 0, 10, 15);
  assert.deepEqual([straight.from, straight.to, straight.angle], [{ x: 10, y: 0 }, { x: 85, y: 0 }, 0]);
  assert.ok(Number.isFinite(runBetween(at[0], at[0], 1, 10, 10).middle.x), "two things at one point");
});

test("a view shows all that is asked for, zooms about a point and moves no further than it must", () => {
  const points = [
    { x: -500, y: 0 },
    { x: 500, y: 200 },
  ];
  const view = fitView(points, SIZE);
  for (const point of points) {
    const { x, y } = toScreen(view, SIZE, point);
    assert.ok(x >= 0 && x <= SIZE.width && y >= 0 && y <= SIZE.height);
  }
  assert.ok(fitView([points[0]], SIZE).scale <= 1.6, "one thing is not blown up");
  assert.deepEqual(fitView([], SIZE), { x: 0, y: 0, scale: 1 });
  const at = { x: 120, y: 340 };
  const kept = toPicture(view, SIZE, at);
  const near = toScreen(zoomAt(view, SIZE, at, 1.7), SIZE, kept);
  assert.ok(Math.hypot(near.x - at.x, near.y - at.y) < 1e-9);
  assert.deepEqual(toScreen(panBy(view, 10, -5), SIZE, { x: 0, y: 0 }), {
    x: toScreen(view, SIZE, { x: 0, y: 0 }).x + 10,
    y: toScreen(view, SIZE, { x: 0, y: 0 }).y - 5,
  });
  assert.equal(reveal(view, SIZE, { x: 0, y: 100 }), view);
  const far = reveal(view, SIZE, { x: 5000, y: 0 });
  assert.deepEqual(toScreen(far, SIZE, { x: 5000, y: 0 }), { x: 300, y: 200 });
});

test("a tap meets what is closest, and an arrow key what is that way", () => {
  const things = [{ place: 0 }, { place: 1 }, { place: 2 }];
  const points = [
    { x: 0, y: 0 },
    { x: 30, y: 0 },
    { x: 5, y: -40 },
  ];
  const view = { x: 0, y: 0, scale: 1 };
  const tap = (x, y, near) => thingAt(things, points, view, SIZE, { x: 300 + x, y: 200 + y }, () => 8, near)?.place;
  assert.deepEqual([tap(1, 1, 0), tap(28, 0, 0), tap(17, 0, 6), tap(100, 100, 18)], [0, 1, 1, undefined]);
  const toward = (way) => nextToward(things.slice(1), points, points[0], way)?.place;
  assert.deepEqual([toward({ x: 1, y: 0 }), toward({ x: 0, y: -1 }), toward({ x: -1, y: 0 })], [1, 2, undefined]);
});

test("the same graph is arranged the same at every opening, with room between things", async () => {
  const graph = chain();
  const pause = async () => {};
  const points = await arrange(force, graph, new Map(), pause);
  assert.deepEqual(await arrange(force, chain(), new Map(), pause), points);
  for (const [at, one] of points.entries())
    for (const other of points.slice(at + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 50);
  assert.ok(isSameShape(graph, chain()));
});

test("what is added leaves the others about where they were", async () => {
  const graph = chain();
  const before = await arrange(force, graph, new Map(), async () => {});
  const earlier = new Map(graph.things.map(({ id }, place) => [id, before[place]]));
  const more = readGraph({
    things: [...graph.things, thing("Frida")],
    relations: [relation(5, 0), ...graph.relations],
    left_out: 0,
  });
  assert.ok(!isSameShape(graph, more));
  const after = await arrange(force, more, earlier, async () => {});
  for (const [place, { x, y }] of before.entries())
    assert.ok(Math.hypot(after[place].x - x, after[place].y - y) < 110, graph.things[place].name);
  assert.ok(after.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
});
