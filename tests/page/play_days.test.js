import assert from "node:assert/strict";
import test from "node:test";
import { playDayKey, playDayWords } from "../../src/ttrpg_assistant/web/app/models/play_days.js";

test("what is said after midnight belongs to the evening before", () => {
  assert.equal(playDayKey(new Date(2026, 10, 22, 1, 30)), playDayKey(new Date(2026, 10, 21, 20, 0)));
  assert.notEqual(playDayKey(new Date(2026, 10, 22, 9, 0)), playDayKey(new Date(2026, 10, 21, 20, 0)));
});

test("gameSessions are named as people name them", () => {
  const now = new Date(2026, 10, 22, 20, 0);
  assert.equal(playDayWords(new Date(2026, 10, 22, 10, 0), now, "en-GB"), "Today");
  assert.equal(playDayWords(new Date(2026, 10, 22, 2, 0), now, "en-GB"), "Yesterday");
  assert.equal(playDayWords(new Date(2026, 10, 14, 20, 0), now, "en-GB"), "Saturday 14 November");
  assert.match(playDayWords(new Date(2025, 10, 14, 20, 0), now, "en-GB"), /2025/);
});
