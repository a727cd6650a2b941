import assert from "node:assert/strict";
import test from "node:test";
import { placesOf, termsOf } from "../../src/ttrpg_assistant/web/app/models/found_words.js";

const found = (text, query) => placesOf(text, termsOf(query)).map(([start, end]) => text.slice(start, end));

test("whole words are found, whatever their case and accents", () => {
  assert.deepEqual(found("Élan and elan, ELAN's not elands", "elan"), ["Élan", "elan", "ELAN"]);
});

test("a beginning finds the words that go on from it", () => {
  assert.deepEqual(found("smugglers smuggle; smug", "smugg*"), ["smugglers", "smuggle"]);
});

test("a phrase is one place, over what stands between its words", () => {
  assert.deepEqual(found("the old -- gate, an old opener", '"old gate"'), ["old -- gate"]);
});

test("what is left out is not marked, and a query of signs marks nothing", () => {
  assert.deepEqual(found("gate and goblin", "gate -goblin"), ["gate"]);
  assert.deepEqual(found("gate - gate", '- * "'), []);
});
