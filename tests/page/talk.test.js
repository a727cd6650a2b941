import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

globalThis.document ??= { hidden: true, addEventListener: () => {}, removeEventListener: () => {} };
const { signal } = await import("@preact/signals");
const { Talk } = await import("../../src/ttrpg_assistant/web/app/state/talk/talk.js");

const EMPTY = { messages: [], siblings: {}, has_more: false, tip_message_id: null };
const THREAD = {
  id: "t",
  kind: "thread",
  title: null,
  tip_message_id: null,
  archived_at: null,
  updated_at: "2026-01-01T00:00:00Z",
};
const CLOSED = { ...THREAD, archived_at: "2026-01-02T00:00:00Z", updated_at: "2026-01-02T00:00:00Z" };

/** An empty thread that is open, and the hints it hears. */
async function openThread() {
  let now = THREAD;
  let listener = null;
  const asked = [];
  const app = {
    waiting: signal([]),
    outboxOpen: Promise.resolve(),
    drafts: { get: () => ({ text: "", sending: null }) },
    attend: (each) => ((listener = each), () => {}),
    api: { get: async (path) => (path.includes("/messages") ? EMPTY : now) },
  };
  const talk = new Talk(app, { kind: "thread", open: async (api) => (asked.push(1), api.get("/api/threads/t")) });
  await talk.open();
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { talk, asked, listener, settled, become: (next) => (now = next) };
}

test("a thread that is archived in another window takes nothing more here, although nothing was said in it", async () => {
  const { talk, listener, settled, become } = await openThread();
  assert.equal(talk.readOnly, false);
  become(CLOSED);
  listener.onHint({ event: "conversation", id: "t", kind: "thread", seq: 0, tip_message_id: null });
  await settled();
  assert.equal(talk.readOnly, true);
});

test("a thread that was archived while no hint could be heard is taken again with the next look", async () => {
  const { talk, listener, settled, become } = await openThread();
  become(CLOSED);
  listener.onCatchUp();
  await settled();
  assert.equal(talk.readOnly, true);
});

test("an older answer never takes the place of a newer thread, and a message's hint asks for none", async () => {
  const { talk, asked, listener, settled } = await openThread();
  talk.conversation.value = CLOSED;
  listener.onHint({ event: "conversation", id: "t", kind: "thread", seq: 0, tip_message_id: null });
  await settled();
  assert.equal(talk.readOnly, true);
  const before = asked.length;
  listener.onHint({
    event: "conversation",
    id: "t",
    kind: "thread",
    seq: 1,
    tip_message_id: "m1",
    status: "complete",
  });
  await settled();
  assert.equal(asked.length, before);
});
