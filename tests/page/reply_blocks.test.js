import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { ReplyBlocks } from "../../src/ttrpg_assistant/web/app/models/reply_blocks.js";

const corpus = JSON.parse(readFileSync(new URL("../suggestions/corpus/replies.json", import.meta.url), "utf8"));
const LONG = "x".repeat(1_000_000);

for (const { name, reply, shown, suggestions, citations } of corpus) {
  const content = reply.replaceAll("@LONG@", LONG);

  test(`the page shows what the server shows: ${name}`, () => {
    assert.equal(ReplyBlocks.read(content), shown);
  });

  test(`nothing shown is taken back while it streams: ${name}`, () => {
    const blocks = new ReplyBlocks();
    const step = content.length > 10_000 ? 4_096 : 1;
    let seen = "";
    for (let at = 0; at < content.length; at += step) {
      seen += blocks.feed(content.slice(at, at + step));
      assert.ok(shown.startsWith(seen));
    }
    assert.equal(blocks.finish(), shown);
    const expected = (suggestions.count ?? suggestions.length) + citations.length;
    assert.ok(blocks.count >= expected);
  });
}

test("a block being written is held back and said to be one", () => {
  const blocks = new ReplyBlocks();
  assert.equal(blocks.feed("Look:\n```sugg"), "Look:\n");
  assert.equal(blocks.isInsideBlock, false);
  assert.equal(blocks.feed('estion\n{"kind": "npc", '), "");
  assert.equal(blocks.isInsideBlock, true);
  assert.equal(blocks.feed('"fields": {"name": "Mira"}}\n```\nDone.'), "Done.");
  assert.equal(blocks.isInsideBlock, false);
});
