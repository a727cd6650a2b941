import assert from "node:assert/strict";
import test from "node:test";
import {
  BLANK,
  endsSent,
  fieldsFor,
  relationClashes,
  sentOf,
  waysOf,
  whatIsMissing,
  writtenOf,
} from "../../src/ttrpg_assistant/web/app/models/relation_edit.js";
import {
  attitudeWord,
  knowersOf,
  relationSeenFrom,
  relationWords,
} from "../../src/ttrpg_assistant/web/app/models/relation_words.js";
import { findByName, MOST_OFFERED } from "../../src/ttrpg_assistant/web/app/models/thing_names.js";
import { THINGS } from "../../src/ttrpg_assistant/web/app/state/campaign/campaign_kinds.js";

/** @returns {any} */
const relation = (/** @type {any} */ changes = {}) => ({
  id: "r",
  campaign_id: "c",
  from_kind: "npc",
  from_id: "mira",
  from_name: "Mira",
  to_kind: "faction",
  to_id: "guild",
  to_name: "The Guild",
  label: "owes a debt",
  attitude: -1,
  audience: "gm",
  known_to: [],
  note: "",
  revision: 1,
  ...changes,
});
const said = (/** @type {any} */ one, /** @type {string} */ from) => relationWords(relationSeenFrom(one, from));

test("a relation reads right from both its ends, and leads to the other one", () => {
  assert.equal(said(relation(), "mira"), "To The Guild: owes a debt");
  assert.equal(said(relation(), "guild"), "From Mira: owes a debt");
  assert.match(relationSeenFrom(relation(), "mira").link, /^\/campaigns\/c\?part=.+&show=guild$/);
  assert.equal(relationSeenFrom(relation(), "guild").link, "/npcs/mira");
});

test("without words it is said by its attitude, and without that by its end alone", () => {
  assert.equal(said(relation({ label: "" }), "mira"), "To The Guild: wary");
  assert.equal(said(relation({ label: "", attitude: 0 }), "mira"), "To The Guild: neutral");
  assert.equal(said(relation({ label: "", attitude: null }), "guild"), "From Mira");
});

test("between any two kinds both ends have a name and a page, also one that has no name", () => {
  for (const from of THINGS) {
    for (const to of THINGS) {
      const one = relation({ from_kind: from.name, to_kind: to.name, to_name: "" });
      const out = relationSeenFrom(one, "mira");
      assert.equal(out.name, to.unnamed);
      assert.ok(out.link.includes("guild") && relationSeenFrom(one, "guild").link.includes("mira"));
    }
  }
  const unknown = relationSeenFrom(relation({ to_kind: "a kind of tomorrow" }), "mira");
  assert.deepEqual([unknown.name, unknown.link], ["The Guild", ""]);
});

test("every attitude has a word, and none has no word", () => {
  const words = [-2, -1, 0, 1, 2, null].map(attitudeWord);
  assert.deepEqual(words, ["hostile", "wary", "neutral", "friendly", "devoted", ""]);
});

test("those who may know it are named, and nobody where it is GM only", () => {
  const called = (/** @type {string} */ id) => id.toUpperCase();
  const names = (/** @type {any} */ changes) => knowersOf(relation(changes), called).map(({ words }) => words);
  const some = [
    { kind: "npc", id: "pell" },
    { kind: "group", id: "", group: "Divers" },
  ];
  assert.deepEqual(names({}), []);
  assert.deepEqual(names({ known_to: some }), [], "named, but GM only all the same");
  assert.deepEqual(names({ audience: "some", known_to: some }), ["PELL", "Divers"]);
  assert.deepEqual(names({ audience: "party" }), ["the party knows"]);
  assert.deepEqual(names({ audience: "public" }), ["everyone knows"]);
});

test("what is read into the form is sent as it was, whatever the attitude", () => {
  for (const attitude of [-2, -1, 0, 1, 2, null]) {
    const { label, audience, known_to, note } = relation();
    assert.deepEqual(sentOf(writtenOf(relation({ attitude }))), { label, attitude, audience, known_to, note });
  }
  assert.deepEqual(sentOf({ ...BLANK, label: "  guards " }).label, "guards");
});

test("who is named is asked only where that matters", () => {
  const asked = (/** @type {any} */ changes) => fieldsFor({ ...BLANK, ...changes }).some(({ as }) => as === "known_to");
  assert.deepEqual(
    [asked({}), asked({ audience: "some" }), asked({ known_to: [{ kind: "npc", id: "x" }] })],
    [false, true, true],
  );
});

test("what was changed elsewhere is shown before anything is sent again", () => {
  const base = writtenOf(relation());
  const mine = { ...base, audience: "public" };
  const fields = (/** @type {any} */ theirs) =>
    relationClashes({ mine, theirs: { ...base, ...theirs }, base }).map(({ field }) => field.name);
  assert.deepEqual(fields({ label: "killed her brother" }), ["label"], "nobody makes words public unseen");
  assert.deepEqual(fields({ audience: "party", attitude: "2" }), ["attitude", "audience"]);
  assert.deepEqual(fields({ audience: "public" }), [], "the same change twice is none");
});

test("things are found by any part of their name, without accents, the beginning first", () => {
  /** @type {[string, string, string][]} */
  const things = [
    ["npc", "1", "Old Élise"],
    ["faction", "2", "Elision Guild"],
    ["item", "3", "Bell"],
  ];
  const found = (/** @type {string} */ query) => findByName(things, query).map(([, id]) => id);
  assert.deepEqual(found("eli"), ["2", "1"]);
  assert.deepEqual(found(" guild ELI "), ["2"]);
  assert.deepEqual([found(""), found("dragon")], [["1", "2", "3"], []]);
  const many = Array.from(
    { length: 3000 },
    (_, at) => /** @type {[string, string, string]} */ (["npc", `${at}`, "Guard"]),
  );
  assert.equal(findByName(many, "guard").length, MOST_OFFERED);
});

test("a new relation goes the way that was chosen, and says what is missing", () => {
  const [mira, guild] = [
    ["npc", "m", "Mira"],
    ["faction", "g", "The Guild"],
  ];
  const ends = { one: mira, other: guild, isTo: true };
  const sent = { from_kind: "npc", from_id: "m", to_kind: "faction", to_id: "g" };
  assert.deepEqual(endsSent(ends), sent);
  assert.deepEqual(endsSent({ ...ends, isTo: false }), endsSent({ one: guild, other: mira, isTo: true }));
  assert.deepEqual(waysOf(ends), ["Mira → The Guild", "The Guild → Mira"]);
  assert.deepEqual(waysOf({ ...ends, other: null }), ["Mira → …", "… → Mira"]);
  assert.equal(whatIsMissing(ends, true), "");
  assert.match(whatIsMissing({ ...ends, other: null }, true), /what it is related to/);
  assert.match(whatIsMissing({ ...ends, one: null }, false), /two things/);
  assert.match(whatIsMissing({ ...ends, other: mira }, false), /different/);
});
