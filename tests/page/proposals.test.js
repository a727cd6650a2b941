import assert from "node:assert/strict";
import test from "node:test";
import {
  addressOf,
  differenceOf,
  fieldOf,
  isOpen,
  plain,
  toldApart,
  writtenOf,
} from "../../src/ttrpg_assistant/web/app/models/proposals.js";
import { Timeline } from "../../src/ttrpg_assistant/web/app/models/timeline.js";

test("a value of any shape is told in plain lines", () => {
  assert.equal(plain(["one", "two"]), "one\ntwo");
  assert.equal(plain([{ text: "She sank it.", may_hint: true }]), "She sank it. (may hint)");
  assert.equal(plain([{ target: "Bertram", relation: "owes him" }]), "Bertram – owes him");
  assert.equal(plain({ house_name: "Gull" }), "House name: Gull");
  assert.equal(plain(null), "");
});

test("a secret field is the game master's alone, also one inside an object", () => {
  assert.equal(fieldOf("npc", "secrets").gmOnly, true);
  assert.equal(fieldOf("campaign", "house_rules.flanking").label, "House rules: Flanking");
  assert.equal(fieldOf("wizard", "basics.setting").label, "Basics: Setting");
});

test("before the server has told the difference, what was proposed is shown", () => {
  const told = /** @type {any} */ ({ fields: { name: "Mira" }, status: "pending" });
  assert.deepEqual(
    differenceOf(told).map(({ field, result }) => [field, result]),
    [["name", "Mira"]],
  );
  assert.equal(isOpen(told), true);
  assert.equal(isOpen({ ...told, status: "rejected" }), false);
  assert.equal(addressOf("npc", "n1", "c1"), "/npcs/n1");
  assert.equal(addressOf("wizard", "w1", null), null);
});

/** @param {number} seq @param {any} more @returns {any} */
const message = (seq, more) => ({
  id: `m${seq}`,
  conversation_id: "c",
  seq,
  parent_id: seq === 1 ? null : `m${seq - 1}`,
  role: seq % 2 ? "user" : "assistant",
  content: "x",
  status: "complete",
  created_at: "",
  updated_at: "",
  ...more,
});

test("what a reply cites is found although nothing says of which campaign it is", () => {
  assert.equal(addressOf("location", "l1", "c1"), "/campaigns/c1?part=locations&show=l1");
  assert.equal(addressOf("location", "l1", null), "/things/location/l1");
  assert.equal(addressOf("game_session", "g1", null), "/things/game_session/g1");
  assert.equal(addressOf("npc", "n1", null), "/npcs/n1");
  assert.equal(addressOf("campaign", "c1", null), "/campaigns/c1");
});

test("a reply that is said to propose is asked for again, also when talk has gone on", () => {
  const timeline = new Timeline();
  const messages = [message(1, {}), message(2, { shown: [{ place: 0 }] }), message(3, {}), message(4, {})];
  timeline.open({ messages, has_more: false, tip_message_id: "m4", siblings: {} });
  assert.equal(timeline.catchUpFrom, 3);
  timeline.expectProposals();
  assert.equal(timeline.catchUpFrom, 1);
  const dressed = { ...messages[1], suggestions: [{ id: "s" }], citations: [] };
  timeline.addNewer({
    messages: [dressed, messages[2], messages[3]],
    has_more: false,
    tip_message_id: "m4",
    siblings: {},
  });
  assert.equal(timeline.catchUpFrom, 3);
  timeline.settle({ ...messages[1], updated_at: "later" });
  assert.equal(timeline.find("m2")?.suggestions?.length, 1);
});

test("an accepted proposal tells what was stored, not what the model wrote", () => {
  const told = /** @type {any} */ ({ fields: { role: "spy", name: "Mira" }, status: "accepted" });
  assert.deepEqual(writtenOf(told), [
    ["role", "spy"],
    ["name", "Mira"],
  ]);
  const difference = [
    { field: "role", proposed: "spy" },
    { field: "name", proposed: "Mira" },
  ];
  const pulled = { ...told, difference, written: { role: "queen", appearance: "tall" } };
  assert.deepEqual(writtenOf(pulled), [
    ["role", "queen"],
    ["name", "Mira"],
    ["appearance", "tall"],
  ]);
  assert.deepEqual(writtenOf({ ...pulled, status: "partly_accepted", written: { role: "queen" } }), [
    ["role", "queen"],
  ]);
});

test("two of one name are told apart by what they are", () => {
  assert.equal(toldApart("Mira", { role: "smith" }), "Mira, smith");
  assert.equal(toldApart("Mill", { kind: "ruin" }), "Mill, ruin");
  assert.equal(toldApart("Mira", { role: "" }), "Mira");
});

test("a proposal that brings nothing new has no difference", () => {
  const told = /** @type {any} */ ({
    fields: { name: "Mira" },
    status: "pending",
    difference: [],
    target_state: "there",
  });
  assert.deepEqual(differenceOf(told), []);
  assert.deepEqual(
    differenceOf({ ...told, target_state: "gone" }).map(({ field }) => field),
    ["name"],
  );
});
