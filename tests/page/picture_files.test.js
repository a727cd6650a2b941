import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCEPTED, LARGEST, pictureIn, troubleWith } from "../../src/ttrpg_assistant/web/app/models/picture_files.js";

test("a file that cannot be a picture, or is too large, is not sent", () => {
  for (const type of ACCEPTED.split(",")) assert.equal(troubleWith({ type, size: LARGEST }), "");
  assert.match(troubleWith({ type: "image/svg+xml", size: 9 }), /not a picture/);
  assert.match(troubleWith({ type: "image/png", size: LARGEST + 1 }), /larger than 20\.0 MB/);
  assert.equal(troubleWith({ type: "", size: 9 }), "", "the server says what a file of no type is");
});

test("of what is pasted or dropped the first picture is taken", () => {
  const file = (/** @type {string} */ type) => ({ type });
  const given = (/** @type {string[]} */ ...types) => /** @type {any} */ ({ files: types.map(file) });
  assert.equal(pictureIn(given("text/html", "image/webp", "image/png"))?.type, "image/webp");
  assert.equal(pictureIn(given("image/svg+xml"))?.type, "image/svg+xml");
  assert.equal(pictureIn(given()), null);
  assert.equal(pictureIn(null), null);
});
