import assert from "node:assert/strict";
import test from "node:test";
import { rangesOf } from "../../src/ttrpg_assistant/web/app/models/number_ranges.js";

test("numbers are spelled as ranges, in their order and once", () => {
  assert.equal(rangesOf([]), "");
  assert.equal(rangesOf([7]), "7");
  assert.equal(rangesOf(new Set([3, 0, 1, 2, 7, 9, 8])), "0-3,7-9");
  assert.equal(rangesOf([1, 1, 5]), "1,5");
});
