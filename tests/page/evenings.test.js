import assert from "node:assert/strict";
import test from "node:test";
import { eveningKey, eveningWords } from "../../src/ttrpg_assistant/web/app/models/evenings.js";

test("what is said after midnight belongs to the evening before", () => {
  assert.equal(eveningKey(new Date(2026, 10, 22, 1, 30)), eveningKey(new Date(2026, 10, 21, 20, 0)));
  assert.notEqual(eveningKey(new Date(2026, 10, 22, 9, 0)), eveningKey(new Date(2026, 10, 21, 20, 0)));
});

test("evenings are named as people name them", () => {
  const now = new Date(2026, 10, 22, 20, 0);
  assert.equal(eveningWords(new Date(2026, 10, 22, 10, 0), now, "en-GB"), "Today");
  assert.equal(eveningWords(new Date(2026, 10, 22, 2, 0), now, "en-GB"), "Yesterday");
  assert.equal(eveningWords(new Date(2026, 10, 14, 20, 0), now, "en-GB"), "Saturday 14 November");
  assert.match(eveningWords(new Date(2025, 10, 14, 20, 0), now, "en-GB"), /2025/);
});
