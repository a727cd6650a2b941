import assert from "node:assert/strict";
import test from "node:test";
import { Drafts } from "../../src/ttrpg_assistant/web/app/drafts.js";

test("a draft that was sent is forgotten when its message is safe", () => {
  const drafts = new Drafts();
  drafts.keep("c", { text: "Who is there?", sending: "1" });
  drafts.finish("c", "1");
  assert.equal(drafts.get("c").text, "");
});

test("what was written in another tab while a message was on its way stays", () => {
  const drafts = new Drafts();
  drafts.keep("c", { text: "Who is there?", sending: "1" });
  drafts.keep("c", { text: "and half a thou", sending: null });
  drafts.finish("c", "1");
  assert.equal(drafts.get("c").text, "and half a thou");
});
