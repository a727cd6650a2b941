import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { parseDice, roll, rolledWords } from "../../src/ttrpg_assistant/web/app/models/dice.js";
import { readRoll } from "../../src/ttrpg_assistant/web/app/models/dice_log.js";

/** Dice that show these faces in turn. */
const showing =
  (...faces) =>
  () =>
    faces.shift();

const cases = JSON.parse(readFileSync(new URL("../dice_cases.json", import.meta.url), "utf8"));

for (const { text, server, faces, total, counts } of cases) {
  test(`plain dice are what the server reads too, and others are left to it: ${text}`, () => {
    const plain = parseDice(text);
    if (server) return assert.equal(plain, null);
    const rolled = roll(plain, showing(...faces));
    assert.equal(rolled.total, total);
    assert.deepEqual(
      rolled.dice.map((die) => die.counts),
      counts,
    );
  });
}

test("what is not plain dice is not guessed at", () => {
  for (const text of [
    "",
    "7",
    "d",
    "2d",
    "d1",
    "0d6",
    "101d6",
    "d1001",
    "2d6+",
    "2x6",
    "d20; drop",
    "2d6kh3",
    `d6${"+d6".repeat(200)}`,
  ]) {
    assert.equal(parseDice(text), null, text);
  }
});

test("a roll is one line that says what counts, and is read again as it was", () => {
  const line = rolledWords(roll(parseDice("2d20kh1+2"), showing(4, 15)));
  assert.equal(line, "2d20kh1+2 = 17 [(4), 15]");
  const die = (value, counts = true, exploded = false) => ({ value, sides: 6, counts, exploded });
  const pool = { expression: "3d6=5|6", total: 2, successes: 2, passed: null, dice: [die(5), die(2, false), die(6)] };
  assert.equal(rolledWords(pool), "3d6=5|6 = 2 successes [5, (2), 6]");
  assert.deepEqual(readRoll(rolledWords(pool)), {
    text: "3d6=5|6",
    total: "2 successes",
    faces: [
      { face: "5", counts: true },
      { face: "2", counts: false },
      { face: "6", counts: true },
    ],
  });
  const check = { expression: "d20 vs DC 15", total: 14, successes: null, passed: false, dice: [die(14)] };
  assert.equal(rolledWords(check), "d20 vs DC 15 = 14, failure [14]");
  const many = { expression: "300d6!", total: 9, dice: Array.from({ length: 300 }, () => die(6, true, true)) };
  assert.match(rolledWords(many), /6!, and 200 more\]$/);
});

test("every face of a die comes up about as often as the others", () => {
  const seen = new Array(6).fill(0);
  for (let at = 0; at < 6000; at += 1) seen[roll(parseDice("d6")).total - 1] += 1;
  // Six standard deviations: a fair die fails this once in a hundred million runs.
  for (const count of seen) assert.ok(Math.abs(count - 1000) < 175, String(seen));
});
