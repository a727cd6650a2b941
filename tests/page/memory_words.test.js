import assert from "node:assert/strict";
import { test } from "node:test";
import {
  groupByListener,
  sizeOf,
  sourceOf,
  warningOf,
  whenOf,
} from "../../src/ttrpg_assistant/web/app/models/memory_words.js";

const NOW = new Date("2026-11-22T20:00:00Z");

/** @param {object} values @returns {any} */
const summary = (values) => ({
  mode: null,
  hearer_npc_id: null,
  own_text: null,
  made_by: "offline",
  outdated_at: null,
  message_count: 24,
  first_at: "2026-01-03T20:00:00Z",
  last_at: "2026-01-03T22:00:00Z",
  ...values,
});

test("a summary says which gameSessions and how much it covers", () => {
  assert.equal(whenOf(summary({}), NOW, "en"), "Saturday, January 3");
  assert.equal(
    whenOf(summary({ last_at: "2026-01-10T20:00:00Z" }), NOW, "en"),
    "Saturday, January 3 to Saturday, January 10",
  );
  assert.equal(sizeOf(summary({ message_count: 1 })), "1 message");
});

test("who wrote it is said, a person's own words first", () => {
  assert.equal(sourceOf(summary({})), "picked out by the built-in model");
  assert.equal(sourceOf(summary({ made_by: "openai:gpt-x:mini" })), "by gpt-x:mini");
  assert.equal(sourceOf(summary({ made_by: "openai:gpt-x", own_text: "Mine." })), "in your words");
});

test("a text whose ground has moved says so, and one's own is not taken away", () => {
  assert.equal(warningOf(summary({ own_text: "Mine." })), "");
  assert.match(warningOf(summary({ own_text: "Mine.", outdated_at: "2026-02-01" })), /Your text stays/);
  assert.match(warningOf(summary({ outdated_at: "2026-02-01" })), /being written again/);
});

test("what an NPC is told when it speaks stands apart from talk about it", () => {
  const groups = groupByListener(
    [
      summary({ mode: "about" }),
      summary({ mode: "as" }),
      summary({ mode: "as", hearer_npc_id: "m" }),
      summary({ mode: "about" }),
    ],
    { m: "Mira" },
  );
  assert.deepEqual(
    groups.map((group) => [group.title, group.summaries.length, group.note !== ""]),
    [
      ["What was said about the NPC", 2, false],
      ["What was said as the NPC", 1, true],
      ["What Mira heard", 1, true],
    ],
  );
});
