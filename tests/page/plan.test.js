import assert from "node:assert/strict";
import test from "node:test";
import { readRoll } from "../../src/ttrpg_assistant/web/app/models/dice_log.js";
import { checkItem, countDone, readPlan } from "../../src/ttrpg_assistant/web/app/models/plan.js";

const SAMPLE = [
  "Strong start: the bell again, two hours early; a slate with their names.",
  "Scenes: bargain with Korrin; the tenth chimney; the green opener.",
  "Tonight's secrets: the wear on the lock; the whistle's number.",
].join("\n");

const textsOf = (plan) => readPlan(plan).flatMap(({ items }) => items.map(({ text, done }) => [text, done]));

test("a plan in labelled lines has its strong start, its scenes and its secrets", () => {
  const parts = readPlan(SAMPLE);
  assert.deepEqual(
    parts.map(({ title, role, items }) => [title, role, items.length]),
    [
      ["Strong start", "start", 2],
      ["Scenes", "other", 3],
      ["Tonight's secrets", "secrets", 2],
    ],
  );
});

test("headings, bullets and plain lines are all items; a colon in a sentence is no label", () => {
  const plan = "## Secrets\n- The duke is dead\n* [x] He paid: in salt\n\nHe says. Then: nothing.\n1. Third";
  assert.deepEqual(textsOf(plan), [
    ["The duke is dead", false],
    ["He paid: in salt", true],
    ["He says. Then: nothing.", false],
    ["Third", false],
  ]);
  assert.equal(readPlan(plan)[0].role, "secrets");
  assert.deepEqual(readPlan(" \n\n"), []);
});

test("checking keeps every word of the plan and every other check", () => {
  let plan = SAMPLE;
  const words = (text) =>
    text
      .replace(/[^\p{L}\p{N}']+/gu, " ")
      .trim()
      .split(" ")
      .filter((each) => each !== "x");
  for (const item of readPlan(SAMPLE).flatMap(({ items }) => items)) {
    plan = /** @type {string} */ (checkItem(plan, item, true));
    assert.deepEqual(words(plan), words(SAMPLE));
  }
  assert.deepEqual(countDone(readPlan(plan)), { done: 7, all: 7 });
  assert.deepEqual(
    readPlan(plan).map(({ role }) => role),
    ["start", "other", "secrets"],
  );
  for (const { items } of readPlan(plan)) for (const item of items) plan = checkItem(plan, item, false) ?? plan;
  assert.deepEqual(countDone(readPlan(plan)), { done: 0, all: 7 });
  assert.deepEqual(textsOf(plan), textsOf(SAMPLE));
});

test("an item is found again after the plan was edited elsewhere, and missed when it is gone", () => {
  const [{ items }] = readPlan("- The mill\n- The opener");
  assert.equal(
    checkItem("New first line\n- The mill\n- The opener", items[1], true),
    "New first line\n- The mill\n- [x] The opener",
  );
  assert.equal(checkItem("Something else", items[1], true), null);
});

test("of two alike only the one that was pressed is checked", () => {
  const items = readPlan("- Roll\n- Roll").flatMap((part) => part.items);
  assert.equal(checkItem("- Roll\n- Roll", items[1], true), "- Roll\n- [x] Roll");
});

test("a roll is read again from the log, with the faces that do not count", () => {
  assert.deepEqual(readRoll("2d20kh1+2 = 17 [(4), 15]"), {
    text: "2d20kh1+2",
    total: "17",
    faces: [
      { face: "4", counts: false },
      { face: "15", counts: true },
    ],
  });
  assert.deepEqual(readRoll("d8-d4 = -1 [1 · 2]").total, "-1");
  assert.deepEqual(readRoll("a word"), { text: "a word", total: "", faces: [] });
});
