import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";
import { openBrowser } from "./browser_storage.js";

openBrowser();
globalThis.requestAnimationFrame ??= (run) => setTimeout(run);
const { UnsavedTalk } = await import("../../src/ttrpg_assistant/web/app/state/saving/unsaved.js");

const ENTRY = { id: "q", kind: "chat", conversation_id: "c", content: "Does she agree?" };
const event = (name, body) => `event: ${name}\ndata: ${JSON.stringify(body)}\n\n`;

test("what is shown of an answer is kept beside it, and no half suggestion stays open", async () => {
  const open = { place: 6, is_open: true, cards: [{ kind: "npc" }] };
  const sent = [event("text", { text: "Look:\n" }), event("text", { text: "```suggestion\n{", shown: [open] })];
  const api = { get: async () => ({ messages: [] }), stream: async () => new Response(sent.join("")) };
  const kept = [];
  await new UnsavedTalk(api).answer(ENTRY, [ENTRY], async (answer) => kept.push(answer));
  const { content, shown, status } = kept.at(-1);
  assert.deepEqual([content, status], ["Look:\n```suggestion\n{\n\n[Stream interrupted]", "interrupted"]);
  assert.deepEqual(shown, ["Look:\n", { place: 6 }, "\n\n[Stream interrupted]"]);
});

test("what is thought for an answer that cannot be stored is shown beside it and never becomes its text", async () => {
  const sent = [
    event("phase", { phase: "reading", seconds: 0 }),
    event("thinking", { text: "She is proud.", seconds: 0.1 }),
    event("text", { text: "She " }),
    event("text", { text: "nods." }),
    event("done", { content: "She nods.", status: "complete", finish_reason: "stop" }),
  ];
  const api = { get: async () => ({ messages: [] }), stream: async () => new Response(sent.join("")) };
  const talk = new UnsavedTalk(api);
  const kept = [];
  let progress = null;
  talk.writing.subscribe((now) => (progress = now?.progress ?? progress));
  await talk.answer(ENTRY, [ENTRY], async (answer) => kept.push(answer));
  assert.deepEqual([kept.at(-1).content, kept.at(-1).status], ["She nods.", "complete"]);
  assert.equal(progress.told.reasoning, "She is proud.");
  assert.equal(progress.phase.value.name, "writing");
  assert.equal(talk.writing.value, null);
});
