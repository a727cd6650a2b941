import assert from "node:assert/strict";
import test from "node:test";
import { ReplyText, count } from "../../src/ttrpg_assistant/web/app/models/reply_text.js";

/** Frames that come when the test says so. */
function frames() {
  const asked = [];
  return { ask: (run) => asked.push(run), draw: () => asked.splice(0).forEach((run) => run()), asked };
}

test("pieces between two frames are told once", () => {
  const clock = frames();
  const reply = new ReplyText("m", clock.ask);
  const told = [];
  reply.listen(({ text }) => told.push(text));
  for (const piece of ["The ", "salt ", "wind"]) reply.add(piece);
  assert.equal(clock.asked.length, 1);
  clock.draw();
  assert.deepEqual(told, ["The salt wind"]);
});

test("offsets count characters as the server does", () => {
  assert.equal(count("a🎲b"), 3);
  assert.equal(count("\ud83c"), 1);
  const reply = new ReplyText("m", () => {});
  reply.restart("🎲🎲");
  assert.equal(reply.offset, 2);
  assert.equal(reply.add("x", null, 3), true);
  assert.equal(reply.text, "🎲🎲x");
});

test("a piece heard already changes nothing", () => {
  const reply = new ReplyText("m", () => {});
  reply.add("abc", null, 3);
  assert.equal(reply.add("abc", null, 3), true);
  assert.equal(reply.text, "abc");
});

test("a piece that leaves a gap is refused, so that the reader starts over", () => {
  const reply = new ReplyText("m", () => {});
  reply.add("abc", null, 3);
  assert.equal(reply.add("xyz", null, 9), false);
  assert.equal(reply.text, "abc");
});

test("a snapshot replaces what was there", () => {
  const reply = new ReplyText("m", () => {});
  reply.add("half a senten");
  reply.restart("Another text", null, "stopped");
  assert.equal(reply.text, "Another text");
  assert.equal(reply.status, "stopped");
});

test("one who has stopped listening hears nothing", () => {
  const clock = frames();
  const reply = new ReplyText("m", clock.ask);
  const told = [];
  reply.listen(({ text }) => told.push(text))();
  reply.add("x");
  clock.draw();
  assert.deepEqual(told, []);
});

test("what is shown is what the server says, and the text itself where it says nothing", () => {
  const reply = new ReplyText("m", () => {});
  reply.add("Look:\n");
  assert.deepEqual([reply.parts, reply.shown], [["Look:\n"], null]);
  reply.add("```", []);
  assert.deepEqual([reply.text, reply.shown], ["Look:\n```", ["Look:\n"]]);
  reply.add("suggestion\n{", [{ place: 6, is_open: true }]);
  assert.deepEqual(reply.shown, ["Look:\n", { place: 6, is_open: true }]);
  assert.deepEqual(reply.ended, ["Look:\n", { place: 6 }]);
  reply.restart("Aye.", ["Aye."]);
  assert.deepEqual([reply.parts, reply.shown, reply.ended], [["Aye."], null, null]);
});
