import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCEPTED, LARGEST, picturesIn, troubleWith } from "../../src/ttrpg_assistant/web/app/models/picture_files.js";

test("a file that cannot be a picture, or is too large, is not sent", () => {
  for (const type of ACCEPTED.split(",")) assert.equal(troubleWith({ type, size: LARGEST }), "");
  assert.match(troubleWith({ type: "image/svg+xml", size: 9 }), /not a picture/);
  assert.match(troubleWith({ type: "image/png", size: LARGEST + 1 }), /larger than 20\.0 MB/);
  assert.equal(troubleWith({ type: "", size: 9 }), "", "the server says what a file of no type is");
});

test("of what is pasted or dropped the pictures are taken; without any, a file to say so of", () => {
  const file = (/** @type {string} */ type) => ({ type });
  const given = (/** @type {string[]} */ ...types) => /** @type {any} */ ({ files: types.map(file) });
  const found = (/** @type {any} */ each) => picturesIn(each).map(({ type }) => type);
  assert.deepEqual(found(given("text/html", "image/webp", "image/png")), ["image/webp", "image/png"]);
  assert.deepEqual(found(given("image/svg+xml", "text/html")), ["image/svg+xml"]);
  assert.deepEqual(found(given()), []);
  assert.deepEqual(picturesIn(null), []);
});
