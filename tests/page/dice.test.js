import assert from "node:assert/strict";
import test from "node:test";
import { parseDice, roll, rolledWords } from "../../src/ttrpg_assistant/web/app/models/dice.js";

/** Dice that show these faces in turn. */
const showing =
  (...faces) =>
  () =>
    faces.shift();

test("dice are read as they are written at the table", () => {
  assert.equal(roll(parseDice("2d6+3"), showing(4, 5)).total, 12);
  assert.equal(roll(parseDice(" D20 - 1 "), showing(20)).total, 19);
  assert.equal(roll(parseDice("4d6kh3"), showing(1, 6, 5, 4)).total, 15);
  assert.equal(roll(parseDice("2d20kl1"), showing(17, 3)).total, 3);
  assert.equal(roll(parseDice("d8-d4"), showing(7, 2)).total, 5);
});

test("what is not dice is not guessed at", () => {
  for (const text of ["", "7", "d", "2d", "d1", "0d6", "101d6", "d1001", "2d6+", "2x6", "d20; drop"]) {
    assert.equal(parseDice(text), null, text);
  }
});

test("faces that do not count are told apart", () => {
  assert.equal(rolledWords(roll(parseDice("2d20kh1+2"), showing(4, 15))), "2d20kh1+2 = 17 [(4), 15]");
});

test("every face of a die comes up about as often as the others", () => {
  const seen = new Array(6).fill(0);
  for (let at = 0; at < 6000; at += 1) seen[roll(parseDice("d6")).total - 1] += 1;
  // Six standard deviations: a fair die fails this once in a hundred million runs.
  for (const count of seen) assert.ok(Math.abs(count - 1000) < 175, String(seen));
});
