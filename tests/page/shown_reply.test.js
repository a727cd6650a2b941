import assert from "node:assert/strict";
import test from "node:test";
import { endedParts, shownText, withChanges } from "../../src/ttrpg_assistant/web/app/models/shown_reply.js";

const OPEN = { place: 12, is_open: true };
const CLOSED = { place: 12, cards: [{ kind: "npc", title: "New NPC: Mira" }] };

test("a text goes on where the last one ended, and a block replaces what was said of it", () => {
  let parts = withChanges([], ["Begin ", "here.\n", OPEN]);
  assert.deepEqual(parts, ["Begin here.\n", OPEN]);
  parts = withChanges(parts, [CLOSED, "Shall I ", "go on?"]);
  assert.deepEqual(parts, ["Begin here.\n", CLOSED, "Shall I go on?"]);
});

test("what was no block after all is text again", () => {
  const parts = withChanges(["See:\n", OPEN], [{ place: 12, is_text: true }, "```json\n{}\n```\n"]);
  assert.deepEqual(parts, ["See:\n```json\n{}\n```\n"]);
  assert.deepEqual(withChanges(["a"], [{ place: 3, is_text: true }]), ["a"]);
});

test("a block that nobody goes on writing is open no more, and a text without blocks is only itself", () => {
  assert.deepEqual(endedParts(["See:\n", OPEN]), ["See:\n", { place: 12 }]);
  assert.equal(endedParts(["See:\n"]), null);
});

test("what is copied of a message is what is shown of it", () => {
  const message = /** @type {any} */ ({ role: "assistant", content: "raw", shown: ["Look:\n\n", CLOSED, "Well?\n"] });
  assert.equal(shownText(message), "Look:\n\nWell?");
  assert.equal(shownText({ ...message, shown: null }), "raw");
});
