import assert from "node:assert/strict";
import test from "node:test";
import { DrawnLines, FIRST_LINES, MORE_LINES } from "../../src/ttrpg_assistant/web/app/models/drawn_lines.js";

/** @param {number} from @param {number} to */
const ids = (from, to) => Array.from({ length: to - from }, (_, at) => `m${from + at}`);

/** What is drawn after seeing these lines. @param {DrawnLines} lines @param {string[]} all @param {string | null} [place] */
function drawn(lines, all, place = null) {
  lines.see(all, place);
  return all.slice(lines.above, all.length - lines.below);
}

test("a conversation opens with its newest lines, the rest follow some at a time", () => {
  const lines = new DrawnLines();
  assert.deepEqual(drawn(lines, ids(0, 30)), ids(30 - FIRST_LINES, 30));
  lines.more();
  assert.deepEqual(drawn(lines, ids(0, 30)), ids(30 - FIRST_LINES - MORE_LINES, 30));
  lines.more();
  assert.deepEqual(drawn(lines, ids(0, 30)), ids(0, 30));
  assert.equal(lines.hidden, 0);
});

test("a short conversation is there at once", () => {
  assert.deepEqual(drawn(new DrawnLines(), ids(0, 3)), ids(0, 3));
  assert.deepEqual(drawn(new DrawnLines(), []), []);
});

test("a message that arrives takes nothing away and is drawn", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 8));
  assert.deepEqual(drawn(lines, ids(0, 60)), ids(0, 60));
});

test("an older page is drawn above what stands, some at a time", () => {
  const lines = new DrawnLines();
  lines.see(ids(60, 70));
  assert.deepEqual(drawn(lines, ids(0, 70)), ids(60, 70));
  lines.more();
  assert.deepEqual(drawn(lines, ids(0, 70)), ids(60 - MORE_LINES, 70));
});

test("letting go of the oldest takes nothing else away", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 10));
  assert.deepEqual(drawn(lines, ids(2, 12)), ids(2, 12));
});

test("letting go of the newest takes nothing else away", () => {
  const lines = new DrawnLines();
  lines.see(ids(10, 20));
  assert.deepEqual(drawn(lines, ids(10, 18)), ids(10, 18));
});

test("another part of the conversation begins again with its newest", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 10));
  assert.deepEqual(drawn(lines, ids(100, 130)), ids(130 - FIRST_LINES, 130));
});

test("a conversation that was left in the middle opens there, then below, then above", () => {
  const lines = new DrawnLines();
  const first = drawn(lines, ids(0, 400), "m200");
  assert.ok(first.includes("m199") && first.includes("m215") && first.length < 40);
  while (lines.below > 0) {
    const { above, below } = lines;
    lines.more();
    assert.ok(lines.above === above && lines.below < below);
  }
  assert.equal(drawn(lines, ids(0, 401), "m200").at(-1), "m400");
  while (lines.hidden > 0) lines.more();
  assert.deepEqual(drawn(lines, ids(0, 401), "m200"), ids(0, 401));
});

test("what arrives while the lines below are still to be drawn comes after them", () => {
  const lines = new DrawnLines();
  const before = drawn(lines, ids(0, 400), "m200");
  assert.deepEqual(drawn(lines, ids(0, 402), "m200"), before);
});

test("going to the newest draws it at once", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 400), "m200");
  assert.equal(drawn(lines, ids(0, 400)).at(-1), "m399");
});

test("a line that is asked for is drawn", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 400));
  assert.ok(drawn(lines, ids(0, 400), "m50").includes("m50"));
});
