import assert from "node:assert/strict";
import { test } from "node:test";
import { inGallery, inOrder, moved, placeBeside } from "../../src/ttrpg_assistant/web/app/models/gallery_order.js";

const ALL = /** @type {any[]} */ ([
  { id: "a", role: "picture" },
  { id: "face", role: "portrait" },
  { id: "b", role: "picture" },
  { id: "c", role: "picture" },
]);
const ids = (/** @type {any[]} */ all) => all.map(({ id }) => id).join(" ");

test("a picture is moved past the next of the gallery, over the portrait", () => {
  const step = (/** @type {string} */ id, /** @type {1 | -1} */ by) => {
    const place = placeBeside(ALL, id, by);
    return place === null ? null : ids(inGallery(moved(ALL, id, place)));
  };
  assert.equal(step("a", 1), "b a c");
  assert.equal(step("b", -1), "b a c");
  assert.equal(step("b", 1), "a c b");
  assert.deepEqual([step("a", -1), step("c", 1)], [null, null]);
});

test("what came meanwhile is shown after those whose order is being saved", () => {
  assert.equal(ids(inOrder(ALL, ["c", "face", "a"])), "c face a b");
  assert.equal(inOrder(ALL, null), ALL);
});
