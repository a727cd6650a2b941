import assert from "node:assert/strict";
import test from "node:test";
import { faultsOf, newRow, objectOf, readGroup, rowsOf } from "../../src/ttrpg_assistant/web/app/models/pair_rows.js";

const WORLD = { north: { ruler: "Anna", army: 300 }, south: { ruler: "Boris", army: 900 } };

test("what is read as rows is stored as it was", () => {
  const odd = {
    ...WORLD,
    month: "Rain",
    open: false,
    none: null,
    lists: [["a"], [{ deep: true }]],
    empty: {},
    ["__proto__"]: "a name like others",
  };
  assert.deepEqual(objectOf(rowsOf(odd)), odd);
  assert.equal(faultsOf(rowsOf(odd)).size, 0);
});

test("a row keeps its id and its group when the one above it goes", () => {
  const rows = rowsOf(WORLD);
  const [, south] = rows;
  const left = rows.filter(({ id }) => id !== rows[0].id);
  assert.deepEqual(left, [south]);
  const army = south.rows.map((row) => (row.name === "army" ? { ...row, value: 1000 } : row));
  assert.deepEqual(objectOf([{ ...south, rows: army }]), { south: { ruler: "Boris", army: 1000 } });
  assert.equal(new Set(rows.flatMap((row) => [row, ...row.rows]).map(({ id }) => id)).size, 6);
});

test("a value without a name is a fault, a row without anything is none", () => {
  const blank = [newRow("", ""), newRow(" ", [" "]), newRow("", {}), { ...newRow("", {}), rows: [newRow("", "")] }];
  assert.equal(faultsOf(blank).size, 0);
  for (const value of ["words", ["a line"], false, 3, { inner: "" }]) {
    const row = newRow(" ", value);
    assert.match(faultsOf([...blank, row]).get(row.id), /no name/);
  }
});

test("a name that stands twice in one group is a fault, in two groups it is none", () => {
  const [first, second] = [newRow("north", "a"), newRow("north", "b")];
  assert.deepEqual([...faultsOf([first, second]).keys()], [second.id]);
  assert.equal(faultsOf(rowsOf(WORLD)).size, 0);
});

test("a fault deep in a group is found", () => {
  const inner = newRow("", "lost");
  const outer = { ...newRow("group", {}), rows: [inner] };
  assert.deepEqual([...faultsOf([outer]).keys()], [inner.id]);
});

test("JSON that is no group of names and values is refused with why", () => {
  assert.deepEqual(readGroup('{"a": [1]}'), { a: [1] });
  for (const text of ["", "{", "[]", "null", "3", '"words"']) assert.throws(() => readGroup(text), SyntaxError);
});
