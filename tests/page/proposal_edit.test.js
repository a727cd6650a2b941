import assert from "node:assert/strict";
import test from "node:test";
import {
  acceptanceOf,
  editRows,
  leavesWords,
  markOf,
  openEdit,
} from "../../src/ttrpg_assistant/web/app/models/proposal_edit.js";

/** @param {string} field @param {any} base @param {any} current @param {any} proposed @param {any} [more] @returns {any} */
const patch = (field, base, current, proposed, more) => {
  const outcome = current === proposed ? "unchanged" : base === current ? "applied" : "conflict";
  return {
    field,
    mode: "replace",
    base,
    current,
    proposed,
    outcome,
    result: outcome === "applied" ? proposed : current,
    ...more,
  };
};

/** @param {any[]} difference @param {number} revision @param {any} [more] @returns {any} */
const told = (difference, revision, more) => ({
  fields: { role: "spy", personality: "warm" },
  target_kind: "npc",
  status: "pending",
  difference,
  target_revision: revision,
  ...more,
});

const QUIET = told([patch("role", "smith", "smith", "spy"), patch("personality", "dry", "dry", "warm")], 1);
const CHANGED = told([patch("role", "smith", "queen", "spy"), patch("personality", "dry", "dry", "warm")], 2);

test("what nobody touched is sent as it was written", () => {
  const values = { role: "smuggler", personality: "warm" };
  const rows = editRows(openEdit(QUIET), QUIET, values, {});
  assert.deepEqual(
    rows.map((row) => row.disputed),
    [false, false],
  );
  assert.deepEqual(acceptanceOf(rows, QUIET, values), { edits: { role: "smuggler" }, seen_revision: 1 });
});

test("a field changed while the form is open is shown and left out, and its words are kept", () => {
  const values = { role: "smuggler", personality: "warm" };
  const rows = editRows(openEdit(QUIET), CHANGED, values, {});
  assert.deepEqual(rows[0], { field: "role", now: "queen", disputed: true, taken: false });
  assert.deepEqual(acceptanceOf(rows, CHANGED, values), { edits: {}, seen_revision: 2, fields: ["personality"] });
  assert.equal(leavesWords(rows, CHANGED, values), true);
  assert.equal(leavesWords(rows, CHANGED, { ...values, role: "spy" }), false);
});

test("a field in conflict when the form opens is left out unless it is ticked", () => {
  const values = { role: "spy", personality: "cold" };
  const left = editRows(openEdit(CHANGED), CHANGED, values, {});
  assert.deepEqual(acceptanceOf(left, CHANGED, values), {
    edits: { personality: "cold" },
    seen_revision: 2,
    fields: ["personality"],
  });
  const rows = editRows(openEdit(CHANGED), CHANGED, values, { role: markOf("queen") });
  assert.deepEqual(acceptanceOf(rows, CHANGED, values), { edits: { personality: "cold" }, seen_revision: 2 });
});

test("a tick is for what stood there then", () => {
  const again = told([patch("role", "smith", "empress", "spy"), CHANGED.difference[1]], 3);
  const rows = editRows(openEdit(QUIET), again, { role: "spy" }, { role: markOf("queen") });
  assert.deepEqual([rows[0].now, rows[0].taken], ["empress", false]);
});

test("a hand that writes what was proposed is not overwritten by other words", () => {
  const same = told([patch("role", "smith", "spy", "spy")], 2);
  const rows = editRows(openEdit(QUIET), same, { role: "smuggler", personality: "warm" }, {});
  assert.deepEqual([rows[0].disputed, rows[0].taken], [true, false]);
  assert.equal(editRows(openEdit(QUIET), same, { role: "spy" }, {})[0].disputed, false);
});

test("what is added to disturbs nobody, and what was accepted is not asked again", () => {
  const more = { mode: "append", outcome: "applied" };
  const before = told([patch("aliases", [], [], ["M"], more), patch("role", "", "", "spy")], 1);
  const now = told([patch("aliases", [], ["Z"], ["M"], more)], 3, { written: { role: "spy" } });
  assert.deepEqual(editRows(openEdit(before), now, { aliases: ["M"] }, {}), [
    { field: "aliases", now: ["Z"], disputed: false, taken: true },
  ]);
});

test("what exists by now under its name is another when another name is typed", () => {
  const made = { fields: { name: "Bertram", role: "spy" } };
  const before = told(
    [patch("name", null, null, "Bertram"), patch("role", null, null, "spy")],
    /** @type {any} */ (null),
    made,
  );
  const now = told([patch("role", null, "smith", "spy")], 1, made);
  const rows = editRows(openEdit(before), now, { name: "Bertram", role: "spy" }, {});
  assert.deepEqual(
    rows.map((row) => [row.field, row.taken]),
    [
      ["name", true],
      ["role", false],
    ],
  );
  const another = editRows(openEdit(before), now, { name: "Young Bertram", role: "spy" }, {});
  assert.deepEqual(
    another.map((row) => row.taken),
    [true, true],
  );
});
