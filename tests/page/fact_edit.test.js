import assert from "node:assert/strict";
import test from "node:test";
import { chosenSpread, factClashes, spreadOf } from "../../src/ttrpg_assistant/web/app/models/fact_edit.js";

const BASE = { text: "The vault is empty", audience: "npcs", npc_ids: ["mira", "bran"], groups: ["Divers"] };
const npcs = (/** @type {string[]} */ ...ids) => ids.map((id) => ({ kind: "npc", id }));
const names = (/** @type {any[]} */ clashes) => clashes.map(({ field }) => field.name);

test("a stored fact is edited by its NPCs and its groups, whatever the server calls them together", () => {
  const listeners = [
    { npc_id: "mira", group_name: null },
    { npc_id: null, group_name: "Divers" },
  ];
  const spread = { text: "x", audience: "npcs", npc_ids: ["mira"], groups: ["Divers"] };
  assert.deepEqual(spreadOf({ id: "1", text: "x", audience: "group", listeners }), spread);
  assert.deepEqual(spreadOf({ id: "1", text: "x", audience: "public", listeners: [] }), {
    text: "x",
    audience: "public",
    npc_ids: [],
    groups: [],
  });
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
  const secret = { text: "doom", audience: "gm", npc_ids: [], groups: [] };
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
  assert.deepEqual(chosenSpread({ text: "x", npc_ids: npcs("mira"), groups: [" Divers ", ""] }), {
    text: "x",
    npc_ids: ["mira"],
    groups: ["Divers"],
  });
  assert.deepEqual(chosenSpread({ audience: "gm" }), { audience: "gm" });
});
