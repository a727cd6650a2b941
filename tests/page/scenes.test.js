import assert from "node:assert/strict";
import test from "node:test";
import { inWords, lettersOf, nextInTurn, sceneTitle } from "../../src/ttrpg_assistant/web/app/models/scene_turns.js";
import { spokenLines } from "../../src/ttrpg_assistant/web/app/models/spoken_lines.js";

const MEMBERS = [
  { npc_id: "m", name: "Mira Voss" },
  { npc_id: "b", name: "Captain Ottoline Brandt" },
  { npc_id: "t", name: "Tomas" },
];
const said = (...speakers) => speakers.map((speaker) => ({ speaker_npc_id: speaker || null, audience_npc_id: null }));

test("the one after whoever spoke aloud last is next, and the first begins", () => {
  assert.equal(nextInTurn(MEMBERS, []).npc_id, "m");
  assert.equal(nextInTurn(MEMBERS, said("", "m", "")).npc_id, "b");
  assert.equal(nextInTurn(MEMBERS, said("", "t")).npc_id, "m");
  assert.equal(nextInTurn([], said("m")), null);
});

test("a whisper, and one who is gone, change nobody's turn", () => {
  const whisper = { speaker_npc_id: "t", audience_npc_id: "t" };
  assert.equal(nextInTurn(MEMBERS, [...said("m"), whisper, ...said("gone")]).npc_id, "b");
});

test("a scene is called by its title or by those in it", () => {
  assert.equal(sceneTitle({ title: "At the weir", members: MEMBERS }), "At the weir");
  assert.equal(sceneTitle({ title: null, members: MEMBERS }), "Mira Voss, Captain Ottoline Brandt and Tomas");
  assert.equal(inWords(["Mira"]), "Mira");
});

test("a seal has one or two letters, in any alphabet", () => {
  assert.deepEqual(
    MEMBERS.map(({ name }) => lettersOf(name)),
    ["MV", "CB", "T"],
  );
  assert.equal(lettersOf("élan åse-Ørn"), "ÉØ");
  assert.equal(lettersOf("7 of 9"), "O");
});

test("the lines of an answer are what was spoken, not what was done", () => {
  assert.deepEqual(spokenLines("*spits* Talk quicker, or swim slower."), ["Talk quicker, or swim slower."]);
  assert.deepEqual(spokenLines("No. *turns away* Ask the\nwater!"), ["No.", "Ask the water!"]);
  assert.deepEqual(spokenLines("Fares first. Then names."), [
    "Fares first. Then names.",
    "Fares first.",
    "Then names.",
  ]);
  assert.deepEqual(spokenLines("*nods*"), []);
  assert.deepEqual(spokenLines("Half a\n\n[Stream interrupted]"), ["Half a"]);
});
