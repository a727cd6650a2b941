import assert from "node:assert/strict";
import test from "node:test";
import { LIMITS, PRICES, readNumbers } from "../../src/ttrpg_assistant/web/app/models/model_numbers.js";

const MODEL = {
  choice: "p:m",
  name: "m",
  context_tokens: 32768,
  context_source: "listed",
  answer_tokens: 4096,
  price: { in: 3, cached: null, out: 15, source: "set" },
};
const texts = (more = {}) => ({
  ...Object.fromEntries([...LIMITS, ...PRICES].map((field) => [field.key, field.show(MODEL)])),
  ...more,
});

test("what was not touched is not sent, so that nothing found out by itself becomes fixed", () => {
  assert.deepEqual(readNumbers(MODEL, texts()), { changes: { limits: {}, price: undefined }, wrong: {} });
  assert.deepEqual(readNumbers(MODEL, texts({ context_tokens: "16k" })).changes, {
    limits: { context_tokens: 16000 },
    price: undefined,
  });
});

test("only what was set is in the fields; what holds without that is shown beside it", () => {
  const listed = { ...MODEL, price: { ...MODEL.price, source: "table" } };
  const all = (model, which) => [...LIMITS, ...PRICES].map((field) => field[which](model));
  assert.deepEqual(all(listed, "show"), ["", "4096", "", "", ""]);
  assert.deepEqual(all(listed, "automatic"), ["32,768", "", "3", "", "15"]);
  assert.deepEqual(all({ ...MODEL, context_source: "set" }, "show"), ["32768", "4096", "3", "", "15"]);
  assert.deepEqual(all({ ...MODEL, context_source: "set" }, "automatic"), ["", "", "", "", ""]);
});

test("an emptied field goes back to what is found out by itself, an emptied price is forgotten", () => {
  assert.deepEqual(readNumbers(MODEL, texts({ answer_tokens: " " })).changes.limits, { answer_tokens: null });
  assert.equal(readNumbers(MODEL, texts({ in: "", cached: "", out: "" })).changes.price, null);
});

test("what is wrong is said at its own field", () => {
  assert.deepEqual(Object.keys(readNumbers(MODEL, texts({ context_tokens: "lots", in: "cheap" })).wrong), [
    "context_tokens",
    "in",
  ]);
  assert.match(
    readNumbers(MODEL, texts({ answer_tokens: "40000" })).wrong.answer_tokens,
    /fit into the context of 32,768/,
  );
  assert.deepEqual(Object.keys(readNumbers(MODEL, texts({ out: "" })).wrong), ["out"]);
});
