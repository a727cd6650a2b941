import assert from "node:assert/strict";
import test from "node:test";
import {
  aroundQuote,
  estimateWords,
  faultOf,
  groupsOf,
  groupWords,
  neighbourOf,
  progressWords,
} from "../../src/ttrpg_assistant/web/app/models/reviews.js";

const review = (/** @type {any} */ more) => ({
  status: "done",
  progress: { parts: 4, done: 4, failed: 0 },
  failed_parts: [],
  error_detail: null,
  error_cure: null,
  ...more,
});

test("a review says how far it is, and why it stands still", () => {
  assert.equal(progressWords(review({})), "Read: all 4 parts.");
  assert.equal(progressWords(review({ status: "ready" })), "Not read yet: 4 parts.");
  const going = { status: "reading", progress: { parts: 4, done: 1, failed: 0 } };
  assert.equal(progressWords(review(going)), "Reading: 1 of 4 parts done.");
  assert.equal(faultOf(review({})), null);
  const part = { id: "1", error_detail: "The model is busy.", error_cure: "Wait." };
  assert.deepEqual(faultOf(review({ failed_parts: [part] })), { detail: "The model is busy.", cure: "Wait." });
  const own = { error_detail: "No connection.", error_cure: null, failed_parts: [part] };
  assert.deepEqual(faultOf(review(own)), { detail: "No connection.", cure: null });
});

test("suggestions are grouped in the order they come, open or decided", () => {
  const queue = /** @type {any[]} */ ([
    { id: "1", kind: "npc", status: "pending" },
    { id: "2", kind: "fact", status: "accepted" },
    { id: "3", kind: "fact", status: "undone" },
    { id: "4", kind: "npc", status: "rejected" },
  ]);
  const ids = (/** @type {boolean} */ open) =>
    groupsOf(queue, open).map(([kind, ones]) => [kind, ones.map(({ id }) => id)]);
  assert.deepEqual(ids(true), [
    ["npc", ["1"]],
    ["fact", ["3"]],
  ]);
  assert.deepEqual(ids(false), [
    ["fact", ["2"]],
    ["npc", ["4"]],
  ]);
  assert.equal(groupWords("fact"), "Facts");
  assert.equal(groupWords("npc"), "NPCs");
});

test("a line is cut at the words it was read for", () => {
  assert.deepEqual(aroundQuote({ text: "She gave him the key.", quote: "gave him" }), [
    "She ",
    "gave him",
    " the key.",
  ]);
  assert.deepEqual(aroundQuote({ text: "She left.", quote: "gave" }), ["She left.", "", ""]);
});

test("behind what is decided comes the next, at the end the one before", () => {
  const shown = [{ id: "1" }, { id: "2" }];
  assert.equal(neighbourOf(shown, "1")?.id, "2");
  assert.equal(neighbourOf(shown, "2")?.id, "1");
  assert.equal(neighbourOf([{ id: "1" }], "1"), null);
});

test("what reading notes takes is said in round numbers", () => {
  const estimate = { model: "ollama:gemma", is_built_in: false, parts: 12, tokens: 33_871 };
  assert.equal(estimateWords(estimate), "About 12 parts and 34,000 tokens to read, with gemma.");
  assert.equal(estimateWords({ ...estimate, parts: 1, tokens: 98 }), "About 1 part and 98 tokens to read, with gemma.");
});
