import assert from "node:assert/strict";
import test from "node:test";
import { speakerOf, whisperOf } from "../../src/ttrpg_assistant/web/app/models/search_words.js";

const NAMES = { "": "Mira", n1: "Brenn", n2: "Sill" };

test("talk as an NPC goes by the NPC's name, in a scene by that of who speaks", () => {
  assert.equal(speakerOf({ role: "assistant", mode: "as" }, NAMES), "Mira");
  assert.equal(speakerOf({ role: "assistant", mode: "as", speaker_npc_id: "n1" }, NAMES), "Brenn");
  assert.equal(speakerOf({ role: "assistant", mode: "as", speaker_npc_id: "gone" }, NAMES), "An NPC");
  assert.equal(speakerOf({ role: "assistant", mode: "about" }, NAMES), "Assistant");
  assert.equal(speakerOf({ role: "user", mode: "as" }, NAMES), "You, to Mira");
});

test("a whisper is told as one", () => {
  assert.equal(whisperOf({ role: "user", mode: "as", audience_npc_id: "n2" }, NAMES), "Only Sill hears this");
  assert.equal(whisperOf({ role: "assistant", mode: "as", audience_npc_id: "n2" }, NAMES), "Said to you alone");
  assert.equal(whisperOf({ role: "user", mode: "as", audience_npc_id: null }, NAMES), "");
});
