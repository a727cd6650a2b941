import assert from "node:assert/strict";
import test from "node:test";
import { bothOf, changesOf, clashesOf, draftOf } from "../../src/ttrpg_assistant/web/app/models/entity_edit.js";

const NAME = { name: "name", label: "Name", as: "line" };
const LINES = { name: "lines", label: "Lines", as: "lines" };
const PROSE = { name: "prose", label: "Prose", as: "prose" };
const FIELDS = [NAME, LINES, PROSE];

test("only what differs from what was read is sent, without empty lines", () => {
  const read = { name: "Mira", lines: ["one"], prose: "" };
  assert.deepEqual(changesOf(FIELDS, read, { ...read, name: " Mira ", lines: ["one", "", " "] }), {});
  assert.deepEqual(changesOf(FIELDS, read, { ...read, lines: ["one", " two "] }), { lines: ["one", "two"] });
});

test("fields that only one of two people touched need no decision", () => {
  const base = { name: "Mira", prose: "dry" };
  assert.deepEqual(clashesOf(FIELDS, { mine: { name: "Mira V." }, theirs: { name: "Mira" }, base }), []);
  assert.deepEqual(clashesOf(FIELDS, { mine: { name: "Same" }, theirs: { name: "Same" }, base }), []);
});

test("a field that both touched differently is a clash with both versions", () => {
  const [clash] = clashesOf(FIELDS, { mine: { prose: "warm" }, theirs: { prose: "cold" }, base: { prose: "dry" } });
  assert.deepEqual([clash.mine, clash.theirs, clash.base], ["warm", "cold", "dry"]);
});

test("put together, neither version is lost", () => {
  assert.equal(bothOf({ field: PROSE, base: "", mine: "warm", theirs: "cold" }), "cold\n\nwarm");
  assert.deepEqual(bothOf({ field: LINES, base: [], mine: ["a", "b"], theirs: ["b", "c"] }), ["b", "c", "a"]);
  assert.equal(bothOf({ field: NAME, base: "", mine: "a", theirs: "b" }), undefined);
});

test("of an edit only the fields that were changed are kept, with what they were changed from", () => {
  const read = { name: "Mira", lines: [], prose: "dry" };
  const kept = draftOf(FIELDS, { read, written: { ...read, prose: "warm" }, revision: 4 });
  assert.deepEqual(kept, { revision: 4, values: { prose: "warm" }, base: { prose: "dry" } });
  assert.equal(draftOf(FIELDS, { read, written: { ...read, name: " Mira " }, revision: 4 }), null);
});

test("a kept edit that is gone on with clashes with what was stored meanwhile", () => {
  const kept = draftOf(FIELDS, { read: { prose: "dry" }, written: { prose: "warm" }, revision: 4 });
  const read = { name: "Mira V.", prose: "cold" };
  const more = draftOf(FIELDS, {
    read,
    written: { ...read, ...kept.values },
    revision: kept.revision,
    base: { ...read, ...kept.base },
  });
  assert.deepEqual(more, kept);
  assert.equal(clashesOf(FIELDS, { mine: more.values, theirs: read, base: more.base }).length, 1);
});
