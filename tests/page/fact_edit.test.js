import assert from "node:assert/strict";
import test from "node:test";
import {
  chosenSpread,
  factClashes,
  kindsListed,
  knowersOfFact,
  spreadOf,
} from "../../src/ttrpg_assistant/web/app/models/fact_edit.js";

const BASE = {
  text: "The vault is empty",
  audience: "npcs",
  npc_ids: ["mira", "bran"],
  character_ids: ["ana"],
  groups: ["Divers"],
};
const npcs = (/** @type {string[]} */ ...ids) => ids.map((id) => ({ kind: "npc", id }));
const names = (/** @type {any[]} */ clashes) => clashes.map(({ field }) => field.name);

test("a stored fact is edited by those it names, whatever the server calls them together", () => {
  const listeners = [
    { npc_id: "mira", character_id: null, group_name: null },
    { npc_id: null, character_id: "ana", group_name: null },
    { npc_id: null, character_id: null, group_name: "Divers" },
  ];
  const spread = {
    text: "x",
    canon: "happened",
    is_false: false,
    audience: "npcs",
    npc_ids: ["mira"],
    character_ids: ["ana"],
    groups: ["Divers"],
  };
  for (const audience of ["group", "npcs", "characters"])
    assert.deepEqual(spreadOf({ id: "1", text: "x", canon: "happened", audience, listeners }), spread);
  assert.equal(spreadOf({ id: "1", text: "x", canon: "happened", audience: "party", listeners }).audience, "party");
  assert.deepEqual(spreadOf({ id: "1", text: "x", canon: "happened", audience: "public", listeners: [] }), {
    text: "x",
    canon: "happened",
    is_false: false,
    audience: "public",
    npc_ids: [],
    character_ids: [],
    groups: [],
  });
});

test("player characters are named where the party as a whole is not", () => {
  assert.deepEqual(["gm", "party", "npcs", "public"].map(kindsListed), [[], ["npc"], ["character", "npc"], []]);
});

test("who knows a fact is said with the party first, and nobody of a GM-only one", () => {
  const listeners = [
    { npc_name: "Mira", group_name: null },
    { npc_name: null, character_name: "Ana", group_name: null },
    { group_name: "Divers" },
  ];
  const said = (/** @type {string} */ audience) => knowersOfFact({ audience, listeners }).map(({ words }) => words);
  assert.deepEqual(said("gm"), []);
  assert.deepEqual(said("public"), ["everyone knows"]);
  assert.deepEqual(said("party"), ["the party knows", "Mira", "Ana", "Divers"]);
  assert.deepEqual(said("characters"), ["Mira", "Ana", "Divers"]);
});

test("an NPC that lost a fact meanwhile is shown, and not told again by an edit of the text", () => {
  const theirs = { ...BASE, npc_ids: ["mira"] };
  const clashes = factClashes({ mine: { ...BASE, text: "The vault is quite empty" }, theirs, base: BASE });
  assert.deepEqual(names(clashes), ["npc_ids"]);
  assert.deepEqual([clashes[0].mine, clashes[0].theirs], [npcs("bran", "mira"), npcs("mira")]);
});

test("an NPC that was told meanwhile is shown, and does not lose the fact", () => {
  const theirs = { ...BASE, npc_ids: ["mira", "bran", "pell"] };
  assert.deepEqual(names(factClashes({ mine: { ...BASE, npc_ids: ["mira"] }, theirs, base: BASE })), ["npc_ids"]);
  const secret = { text: "doom", audience: "gm", npc_ids: [], character_ids: [], groups: [] };
  const told = { ...secret, audience: "npcs", npc_ids: ["pell"] };
  assert.deepEqual(names(factClashes({ mine: { ...secret, text: "dread" }, theirs: told, base: secret })), [
    "audience",
    "npc_ids",
  ]);
});

test("a group that was named or dropped meanwhile is shown", () => {
  for (const groups of [[], ["Divers", "Guild"]]) {
    assert.deepEqual(names(factClashes({ mine: BASE, theirs: { ...BASE, groups }, base: BASE })), ["groups"]);
  }
});

test("a text that was changed meanwhile is shown to whoever changes who knows it", () => {
  const theirs = { ...BASE, text: "The vault is full" };
  assert.deepEqual(names(factClashes({ mine: { ...BASE, npc_ids: [] }, theirs, base: BASE })), ["text"]);
});

test("nothing is asked where nothing that this edit does not say was changed", () => {
  const mine = { ...BASE, text: "mine", npc_ids: ["mira"] };
  assert.deepEqual(factClashes({ mine, theirs: BASE, base: BASE }), []);
  assert.deepEqual(factClashes({ mine, theirs: { ...mine }, base: BASE }), []);
  const turned = { ...BASE, npc_ids: ["bran", "mira"] };
  assert.deepEqual(factClashes({ mine, theirs: turned, base: BASE }), [], "listeners have no order");
});

test("what was chosen is sent by the names that the server knows", () => {
  const characters = [{ kind: "character", id: "ana" }];
  const chosen = { text: "x", npc_ids: npcs("mira"), character_ids: characters, groups: [" Divers ", ""] };
  assert.deepEqual(chosenSpread(chosen), {
    text: "x",
    npc_ids: ["mira"],
    character_ids: ["ana"],
    groups: ["Divers"],
  });
  assert.deepEqual(chosenSpread({ audience: "gm" }), { audience: "gm" });
});
