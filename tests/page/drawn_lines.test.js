import assert from "node:assert/strict";
import test from "node:test";
import { DrawnLines, FIRST_LINES, MORE_LINES } from "../../src/ttrpg_assistant/web/app/models/drawn_lines.js";

/** @param {number} from @param {number} to */
const ids = (from, to) => Array.from({ length: to - from }, (_, at) => `m${from + at}`);

test("a conversation opens with its newest lines, the rest follow some at a time", () => {
  const lines = new DrawnLines();
  assert.equal(lines.see(ids(0, 30)), 30 - FIRST_LINES);
  lines.more();
  assert.equal(lines.see(ids(0, 30)), 30 - FIRST_LINES - MORE_LINES);
  lines.more();
  assert.equal(lines.see(ids(0, 30)), 0);
});

test("a short conversation is there at once", () => {
  assert.equal(new DrawnLines().see(ids(0, 3)), 0);
  assert.equal(new DrawnLines().see([]), 0);
});

test("a message that arrives takes nothing away", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 8));
  assert.equal(lines.see(ids(0, 60)), 0);
});

test("an older page is drawn above what stands, some at a time", () => {
  const lines = new DrawnLines();
  lines.see(ids(60, 70));
  assert.equal(lines.see(ids(0, 70)), 60);
  lines.more();
  assert.equal(lines.see(ids(0, 70)), 60 - MORE_LINES);
});

test("letting go of the oldest takes nothing else away", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 10));
  assert.equal(lines.see(ids(2, 12)), 0);
});

test("another part of the conversation begins again with its newest", () => {
  const lines = new DrawnLines();
  lines.see(ids(0, 10));
  assert.equal(lines.see(ids(100, 130)), 30 - FIRST_LINES);
});

test("the line that was being read is among the first drawn", () => {
  const lines = new DrawnLines();
  assert.ok(lines.see(ids(0, 400), "m200") < 200);
  assert.ok(lines.see(ids(0, 400), "m200") > 180);
  assert.equal(new DrawnLines().see(ids(0, 400), "m1"), 0);
});
