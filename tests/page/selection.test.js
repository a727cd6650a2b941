import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

const { NOTHING, allOrNone, reachedTo, selectedOf, tagsOf, toggled } = await import(
  "../../src/ttrpg_assistant/web/app/models/selection.js"
);

const SHOWN = ["a", "b", "c", "d"];
const ids = (/** @type {any} */ selection) => [...selection.ids];

test("a thing is selected and taken out again, and a range begins where it was pressed last", () => {
  const one = toggled(NOTHING, "b");
  assert.deepEqual(ids(one), ["b"]);
  assert.deepEqual(ids(reachedTo(one, SHOWN, "d")), ["b", "c", "d"]);
  assert.deepEqual(ids(reachedTo(one, SHOWN, "a")), ["b", "a"]);
  assert.deepEqual(ids(toggled(one, "b")), []);
  assert.deepEqual(ids(NOTHING), [], "nothing is changed in place");
});

test("a range without a beginning that is shown is the one thing", () => {
  assert.deepEqual(ids(reachedTo(NOTHING, SHOWN, "c")), ["c"]);
  assert.deepEqual(ids(reachedTo({ ids: new Set(["gone"]), anchor: "gone" }, SHOWN, "c")), ["gone", "c"]);
});

test("all that is shown is selected, and once more none of it", () => {
  const all = allOrNone(toggled(NOTHING, "a"), SHOWN);
  assert.deepEqual(ids(all), SHOWN);
  assert.deepEqual(ids(allOrNone(all, SHOWN)), []);
});

test("what is not shown any more is not edited", () => {
  const selection = { ids: new Set(["a", "gone"]), anchor: null };
  assert.deepEqual(selectedOf(selection, [{ id: "b" }, { id: "a" }]), [{ id: "a" }]);
});

test("the tags of several things are counted, the commonest first", () => {
  assert.deepEqual(tagsOf([{ tags: ["b", "a"] }, { tags: ["b"] }, {}]), [
    ["b", 2],
    ["a", 1],
  ]);
});
