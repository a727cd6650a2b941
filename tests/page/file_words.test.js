import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { campaignNameOf, holdingWords } from "../../src/ttrpg_assistant/web/app/models/file_words.js";
import { removalWords, titleOfRemoval } from "../../src/ttrpg_assistant/web/app/models/removal_words.js";

const NOW = new Date("2026-11-29T20:00:00Z");

/** @param {object} values @returns {any} */
const removal = (values) => ({
  title: "Mira",
  kind: "npc_removed",
  count: 1,
  created_at: "2026-11-29T19:00:00Z",
  expires_at: "2026-12-29T19:00:00Z",
  ...values,
});

test("what a campaign holds is said kind by kind, with archived things apart", () => {
  const holds = { in_use: { npcs: 1, messages: 1200 }, archived: { npcs: 2, locations: 1 } };
  assert.deepEqual(holdingWords(holds), ["1 NPC, 2 archived", "1 location, archived", "1,200 messages"]);
});

test("a file that says nothing of it, or nonsense, shows no counts", () => {
  for (const holds of [null, undefined, {}, { in_use: { npcs: "many", messages: -3, locations: 1.5 } }]) {
    assert.deepEqual(holdingWords(/** @type {any} */ (holds)), []);
  }
});

test("only removed messages are called messages", () => {
  assert.match(removalWords(removal({}), NOW), /^NPC, removed today, kept until /);
  assert.match(removalWords(removal({ kind: "messages_cleared", count: 1 }), NOW), /^1 message, removed today/);
  assert.match(removalWords(removal({ kind: "campaign_removed", count: 13 }), NOW), /^Campaign with 12 things in it, /);
  assert.match(removalWords(removal({ kind: "voice_removed" }), NOW), /^removed today/);
  assert.equal(titleOfRemoval(removal({ title: null, kind: "fact_removed" })), "Fact");
});

test("a number of messages is put into words in one place", () => {
  const app = new URL("../../src/ttrpg_assistant/web/app/", import.meta.url);
  const files = readdirSync(app, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(".js"));
  const found = files.filter((each) =>
    /message_count\b[^\n]*\} messages/.test(readFileSync(new URL(each, app), "utf8")),
  );
  assert.deepEqual(found, []);
});

test("a campaign that files go into is called after their folder, or after the only file", () => {
  const things = ["Marsh/NPCs/Mira.md", "Marsh/Mill.md", "Ash.png"].map((file_name) => ({ file_name }));
  assert.equal(campaignNameOf({ files: 3, title: "Ash.png and 2 more", things }), "Marsh");
  assert.equal(campaignNameOf({ files: 1, title: "salt_road.md", things: [] }), "salt road");
  assert.equal(campaignNameOf({ files: 2, title: "Ash.png and 1 more", things: [{ file_name: "Ash.png" }] }), "");
});
