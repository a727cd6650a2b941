import assert from "node:assert/strict";
import test from "node:test";
import { ShownReply, shownText } from "../../src/ttrpg_assistant/web/app/models/shown_reply.js";

const BLOCK = '```suggestion\n{"kind": "npc", "fields": {"name": "Mira"}}\n```\n';
const REPLY = `Begin here.\n\n${BLOCK}Shall I go on?`;

test("no part of a proposal is ever shown while the reply grows, whatever the pieces", () => {
  for (const size of [1, 2, 3, 7, 16]) {
    const shown = new ShownReply();
    for (let end = size; end < REPLY.length + size; end += size) {
      const text = shown.show(REPLY.slice(0, end));
      assert.doesNotMatch(text, /kind|fields|```|\{/);
    }
    assert.match(shown.show(REPLY), /^Begin here\.\s+Shall I go on\?$/);
    assert.equal(shown.count, 1);
  }
});

test("it says that a proposal is being written, from its first line to its last", () => {
  const shown = new ShownReply();
  shown.show("Begin here.\n\n");
  assert.equal(shown.isProposing, false);
  shown.show('Begin here.\n\n```suggestion\n{"kind"');
  assert.equal(shown.isProposing, true);
  shown.show(REPLY);
  assert.equal(shown.isProposing, false);
});

test("a reply that starts over is read from its start", () => {
  const shown = new ShownReply();
  shown.show("Something else entirely");
  assert.equal(shown.show("Begin here."), "Begin here.");
});

test("what a person wrote is shown as written", () => {
  const message = /** @type {any} */ ({ role: "user", content: BLOCK });
  assert.equal(shownText(message), BLOCK);
  assert.equal(shownText({ ...message, role: "assistant" }), "");
});
