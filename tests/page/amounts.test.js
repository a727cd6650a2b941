import assert from "node:assert/strict";
import test from "node:test";
import * as words from "../../src/ttrpg_assistant/web/app/models/amounts.js";

test("seconds are told as people say them", () => {
  const told = [0, 0.9, 8.2, 59.9, 60, 80, 125].map(words.secondsWords);
  assert.deepEqual(told, ["0 s", "0 s", "8 s", "59 s", "1 min", "1 min 20 s", "2 min 5 s"]);
});

test("money is told to the cent, and below a cent to what says something", () => {
  const told = [0, 0.00001, 0.0004, 0.0042, 0.0123, 0.1, 1.2, 1234.5].map(words.moneyWords);
  assert.deepEqual(told, ["$0.00", "under $0.0001", "$0.0004", "$0.0042", "$0.012", "$0.10", "$1.20", "$1234.50"]);
});

test("no amount of money reads as nothing when it is not", () => {
  for (let dollars = 0.0001; dollars < 1000; dollars *= 1.37) {
    const told = Number(words.moneyWords(dollars).slice(1));
    assert.ok(Math.abs(told - dollars) <= Math.max(0.06 * dollars, 0.00006), `${dollars} is told as ${told}`);
  }
});

test("a price that is not known leaves the tokens alone", () => {
  assert.deepEqual(words.messageCost({ tokens_in: 3400, tokens_out: 210, cost: null }), ["3,400 tokens in, 210 out"]);
  assert.deepEqual(words.messageCost({ tokens_in: 3400, tokens_out: 210, tokens_cached: 3000, cost: 0.0123 }), [
    "3,400 tokens in, 210 out",
    "3,000 cached",
    "$0.012",
  ]);
  assert.deepEqual(words.messageCost({}), []);
  assert.equal(words.estimateWords({ tokens: 3400, cost: null }), "About 3,400 tokens");
  assert.equal(words.estimateWords({ tokens: 3400, cost: 0.02 }), "About 3,400 tokens · $0.02");
  assert.equal(words.estimateWords({ tokens: 28_672 }), "About 29,000 tokens", "no more digits than are known");
  assert.equal(words.estimateWords({ tokens: 7 }), "About 7 tokens");
  assert.match(words.estimateWords({ tokens: 28_672, fits: false }), /end of your message would be left out/);
});

test("every source of a context size is said in words", () => {
  for (const source of ["listed", "asked", "learned", "set", "assumed"]) {
    assert.match(
      words.contextWords({ context_tokens: 32768, context_source: source }),
      /^Context: about 32,768 tokens · \w/,
    );
  }
  assert.equal(words.contextWords({ context_tokens: null, context_source: null }), "Context: unknown");
});

test("a number of tokens is read as people write it, and nothing else is", () => {
  for (const text of ["32768", "32,768", "32 768", " 32.768 ", "32'768"])
    assert.equal(words.readTokens(text), 32768, text);
  assert.equal(words.readTokens("32k"), 32000);
  assert.equal(words.readTokens("1.5 M"), 1_500_000);
  assert.equal(words.readTokens(""), null);
  for (const text of ["many", "-1", "0", "1.5", "32kk", "1e9", "NaN", "999999999999", "1,2"])
    assert.equal(words.readTokens(text), undefined, text);
});

test("an amount of dollars is read with a point or a comma", () => {
  assert.equal(words.readDollars("$1.20"), 1.2);
  assert.equal(words.readDollars("0,25"), 0.25);
  assert.equal(words.readDollars(" "), null);
  for (const text of ["free", "-1", "1.2.3", "1e3", "9999999999"])
    assert.equal(words.readDollars(text), undefined, text);
});

test("a free model and one without a price are told apart", () => {
  assert.equal(words.priceWords({ in: 0, cached: 0, out: 0, source: "listed" }), "Free");
  assert.equal(words.priceWords(null), "Price unknown");
  assert.equal(
    words.priceWords({ in: 3, out: 15, source: "table" }),
    "$3.00 in, $15.00 out, per million tokens · from the built-in table",
  );
});

test("nothing is said of tokens where the built-in model answered", () => {
  const message = /** @type {any} */ ({
    model: "offline",
    tokens_in: 155,
    tokens_out: 7,
    tokens_cached: null,
    cost: 0,
  });
  assert.deepEqual(words.messageCost(message), []);
  assert.deepEqual(words.messageCost({ ...message, model: "ollama:m" }), ["155 tokens in, 7 out"]);
});
