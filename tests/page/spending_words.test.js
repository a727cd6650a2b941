import assert from "node:assert/strict";
import test from "node:test";
import { modelLines, monthWords, spentWords } from "../../src/ttrpg_assistant/web/app/models/spending_words.js";

const spent = (more = {}) => ({
  answers: 34,
  tokens_in: 120_400,
  tokens_cached: 0,
  tokens_out: 8300,
  cost: 1.2,
  unpriced: 0,
  models: [],
  ...more,
});

test("a sum says what it leaves out, and nothing of money where no price is known", () => {
  assert.equal(spentWords(spent()), "34 answers · 120,400 tokens in, 8,300 out · $1.20");
  assert.equal(spentWords(spent({ cost: null, unpriced: 34 })), "34 answers · 120,400 tokens in, 8,300 out");
  assert.equal(
    spentWords(spent({ answers: 1, tokens_cached: 9000, unpriced: 2 })),
    "1 answer · 120,400 tokens in, 8,300 out · 9,000 cached · $1.20 and 2 without a known price",
  );
});

test("models are told apart only where there were several", () => {
  assert.deepEqual(modelLines(spent({ models: [{ ...spent(), model: "openai:small" }] })), []);
  const two = [
    { ...spent(), model: "openai:small" },
    { ...spent({ cost: null }), model: null },
  ];
  assert.deepEqual(
    modelLines(spent({ models: two })).map((line) => line.split(":")[0]),
    ["small", "an unknown model"],
  );
});

test("a month is named, the first of January as well", () => {
  assert.deepEqual(
    ["2026-11", "2026-01"].map((month) => monthWords(month, "en")),
    ["November 2026", "January 2026"],
  );
});
