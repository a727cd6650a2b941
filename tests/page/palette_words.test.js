import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";
import { readAsked } from "../../src/ttrpg_assistant/web/app/models/palette_words.js";

const { rank } = await import("../../src/ttrpg_assistant/web/app/state/palette/palette.js");

test("what to do is read from the first words, what to do it with from the rest", () => {
  const cases = [
    ["note the gate is burning", "note", "the gate is burning"],
    ["Note: The gate", "note", "The gate"],
    ["roll 2d6+3", "roll", "2d6+3"],
    ["4d6 drop lowest", "roll", "4d6 drop lowest"],
    ["d%", "roll", "d%"],
    ["new npc Mira Voss", "new_npc", "Mira Voss"],
    ["new monster Bog hag", "new_creature", "Bog hag"],
    ["new plot point The bridge burns", "new_plot_point", "The bridge burns"],
    ["speak as Mira: Who goes there?", "speakAs", "Mira: Who goes there?"],
    ["end session", "end", ""],
    ["plan next session", "plan", ""],
    ["plan who opens the gate", "plan", "who opens the gate"],
    ["export", "exportCampaign", ""],
    ["ask who rings", "ask", "who rings"],
  ];
  for (const [query, name, rest] of cases) assert.deepEqual(readAsked(query), { name, rest }, query);
});

test("a name that only begins like something to do is a name", () => {
  for (const query of ["", "noted", "Notebook", "Rolland", "planet", "asking", "Mira", "dragon", "d", "exporter"]) {
    assert.equal(readAsked(query), null, query);
  }
});

test("what was typed to be done comes before everything that is only found by it", () => {
  const found = [
    { id: "a", label: "Note the gate", icon: "", run() {} },
    { id: "b", label: "Note “the gate”", icon: "", also: "note the gate", isMeant: true, run() {} },
    { id: "c", label: "The gate", icon: "", run() {} },
  ];
  assert.deepEqual(
    rank(found, "note the gate").map(({ id }) => id),
    ["b", "a"],
  );
});
