import assert from "node:assert/strict";
import test from "node:test";
import { SseParser } from "../../src/ttrpg_assistant/web/app/models/sse_parser.js";

const STREAM =
  ': keep-alive\n\nid: 3\nevent: text\ndata: {"a":1}\n\ndata: one\ndata:two\n\nid: 9\r\nevent: done\r\ndata: end\r\n\r\n';

const EXPECTED = [
  { id: "3", event: "text", data: '{"a":1}' },
  { id: "3", event: "message", data: "one\ntwo" },
  { id: "9", event: "done", data: "end" },
];

test("events are read with their id, name and joined data lines", () => {
  assert.deepEqual(new SseParser().push(STREAM), EXPECTED);
});

test("a stream cut at any two places gives the same events", () => {
  for (let first = 0; first <= STREAM.length; first += 1) {
    for (let second = first; second <= STREAM.length; second += 7) {
      const parser = new SseParser();
      const events = [STREAM.slice(0, first), STREAM.slice(first, second), STREAM.slice(second)].flatMap((piece) =>
        parser.push(piece),
      );
      assert.deepEqual(events, EXPECTED, `cut at ${first} and ${second}`);
    }
  }
});

test("an event that has not ended is not told", () => {
  const parser = new SseParser();
  assert.deepEqual(parser.push("data: half\n"), []);
  assert.deepEqual(parser.push("\n"), [{ id: null, event: "message", data: "half" }]);
});

test("comments and unknown fields say nothing", () => {
  assert.deepEqual(new SseParser().push(": hello\nretry: 5\n\n:\n\n"), []);
});
