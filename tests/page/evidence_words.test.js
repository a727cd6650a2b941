import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";
const { answerPieces, coverOf, evidenceLink, originOf } = await import(
  "../../src/ttrpg_assistant/web/app/models/evidence_words.js"
);

const MESSAGE = { source: "message", id: "m", kind: "", field: "", place: "", evening: null, listener: null };

test("a quote says who said it to whom, and what is written says what it is", () => {
  const npc = { kind: "npc", name: "Old Kett" };
  const gm = { kind: "gm", name: "" };
  assert.equal(originOf({ ...MESSAGE, speaker: npc, listener: gm }), "Old Kett to you");
  assert.equal(originOf({ ...MESSAGE, speaker: gm, listener: npc }), "You to Old Kett");
  assert.equal(originOf({ ...MESSAGE, speaker: { kind: "assistant", name: "" } }), "The assistant");
  assert.equal(
    originOf({ ...MESSAGE, source: "thing", speaker: null, kind: "npc", place: "Sel", field: "Secret" }),
    "Sel · Secret",
  );
  assert.equal(originOf({ ...MESSAGE, source: "note", speaker: null, kind: "note" }), "Note");
});

test("a list is called complete only where it is", () => {
  const of = (total, isComplete) => coverOf({ words: ["Brann", "recipe"], total, is_complete: isComplete });
  assert.match(of(9, true), /^All 9 places with “Brann” and “recipe” are quoted/);
  assert.match(of(61, false), /^61 places have .*not all of them are quoted/);
  assert.match(of(0, false), /^No place has all of “Brann” and “recipe”/);
});

test("a note leads to its game session and a thing to itself", () => {
  const evening = { id: "e1", number: 4, title: "" };
  assert.match(evidenceLink({ ...MESSAGE, source: "note", kind: "note", id: "n", evening }, "c"), /e1/);
  assert.match(evidenceLink({ ...MESSAGE, source: "thing", kind: "npc", id: "n1" }, "c"), /n1/);
  assert.equal(evidenceLink({ ...MESSAGE, source: "fact", kind: "fact", id: "f" }, "c"), "/campaigns/c");
});

test("only numbers of quotes that there are become a way to them", () => {
  assert.deepEqual(answerPieces("Under the mill [1]. Sel told [2][9].", 2), [
    "Under the mill ",
    1,
    ". Sel told ",
    2,
    ".",
  ]);
  assert.deepEqual(answerPieces("", 2), []);
});
