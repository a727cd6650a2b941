import assert from "node:assert/strict";
import test from "node:test";
import { PURPOSES, proposeTitle, purposeOf, threadTitle } from "../../src/ttrpg_assistant/web/app/models/purposes.js";

test("a title is what was asked first, cut between words", () => {
  assert.equal(proposeTitle("  What rings\nat night?  "), "What rings at night?");
  const long = proposeTitle("What does the harbour smell of at night, when the boats are in?");
  assert.equal(long, "What does the harbour smell of at night, when…");
  assert.ok(proposeTitle("x".repeat(300)).length <= 49);
});

test("a thread without a title is called by its purpose, an unknown one by the last", () => {
  assert.equal(threadTitle(/** @type {any} */ ({ title: null, purpose: "npc_generation" })), "Make an NPC");
  assert.equal(purposeOf("something new").id, "general");
  assert.equal(PURPOSES.length, 6);
});
