import assert from "node:assert/strict";
import test from "node:test";
import { PURPOSES, purposeOf, threadTitle } from "../../src/ttrpg_assistant/web/app/models/purposes.js";

test("a thread without a title is called by its purpose, an unknown one by the last", () => {
  assert.equal(threadTitle(/** @type {any} */ ({ title: null, purpose: "npc_generation" })), "Create an NPC");
  assert.equal(purposeOf("something new").id, "general");
  assert.equal(PURPOSES.length, 6);
});
