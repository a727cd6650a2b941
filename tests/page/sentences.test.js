import assert from "node:assert/strict";
import test from "node:test";
import { sentences } from "../../src/ttrpg_assistant/web/app/models/sentences.js";

test("sentences do not run into each other, and what is missing leaves no trace", () => {
  assert.equal(
    sentences("OpenAI asks to wait: status 429", "Trying again in 14 s."),
    "OpenAI asks to wait: status 429. Trying again in 14 s.",
  );
  assert.equal(sentences("It says “no.”", null, " ", "Really?"), "It says “no.” Really?");
  assert.equal(sentences(null, undefined), "");
});
