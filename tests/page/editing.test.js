import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./import_map.js";
import { openBrowser } from "./browser_storage.js";

const APP = "../../src/ttrpg_assistant/web/app";
const { signal } = await import("@preact/signals");
const { Drafts, editOf } = await import(`${APP}/drafts.js`);
const { MemoryStore } = await import(`${APP}/models/memory_store.js`);
const { Outbox } = await import(`${APP}/outbox.js`);
const actions = await import(`${APP}/state/conversations/conversation_actions.js`);
const { toasts } = await import(`${APP}/state/notices.js`);
const { send } = await import(`${APP}/state/talk/sending.js`);

const down = () => Object.assign(new Error("away"), { status: 0, code: "away", detail: "away" });
const refused = () => Object.assign(new Error("no"), { status: 422, code: "no", detail: "no" });
const letter = (id, more = {}) => ({
  id,
  conversation_id: "c",
  kind: "thread",
  content: id,
  mode: null,
  replaces: null,
  created_at: "",
  attempts: 3,
  state: "not_saved",
  fault: null,
  ...more,
});
const lineOf = (entry, pending = null) => ({
  id: entry.id,
  message: { role: "user", content: entry.content, mode: entry.mode ?? null, audience_npc_id: entry.audience ?? null },
  pending,
});

beforeEach((t) => {
  t.mock?.timers?.enable({ apis: ["setTimeout"] });
  openBrowser();
  toasts.value = [];
});

/** A page over a store of waiting messages; opened again, nothing but what is kept is left. */
function openPage(
  t,
  {
    store = new MemoryStore(),
    deliver = () => {
      throw down();
    },
  } = {},
) {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const waiting = signal([]);
  const sent = [];
  const outbox = new Outbox({
    store,
    durable: true,
    quick: { first: 1, longest: 1 },
    deliver: async (entry) => (sent.push(entry), deliver(entry)),
    listeners: { onChange: (entries) => (waiting.value = entries) },
  });
  const app = { drafts: new Drafts(), outbox, waiting, persistence: { durable: signal(true) } };
  const talk = {
    id: "c",
    kind: "thread",
    readOnly: false,
    editing: signal(null),
    entries: signal([]),
    streaming: signal(false),
  };
  const write = (text) => actions.keepEdit(app, talk, Object.assign(talk.editing.value, { text }));
  const sendIt = (more = {}) => {
    const edits = actions.asItStands(talk, talk.editing.value);
    return send(app, { conversationId: "c", kind: "thread", content: talk.editing.value.text, edits, ...more });
  };
  return { store, app, talk, outbox, waiting, sent, write, sendIt };
}

/** One with a message that could not be saved. */
async function withUnsaved(t, more = {}, options = {}) {
  const page = openPage(t, options);
  await page.store.add(letter("1", more));
  page.waiting.value = await page.store.list();
  const [entry] = page.waiting.value;
  return { ...page, entry, line: lineOf(entry, entry) };
}

test("a message that is not saved stays on the device while it is edited, and is not sent", async (t) => {
  const { app, talk, line, store, sent, outbox } = await withUnsaved(t);
  await actions.beginEdit(app, talk, line);
  await outbox.drain();
  assert.deepEqual(
    (await store.list()).map(({ id, content }) => [id, content]),
    [["1", "1"]],
  );
  assert.deepEqual(sent, []);
});

test("left as it was, an unsaved message is as it was, with what was answered to it", async (t) => {
  const answer = { id: "a", content: "words", status: "complete" };
  const { app, talk, line, entry, store } = await withUnsaved(t, { answer });
  await store.add(letter("2"));
  await actions.beginEdit(app, talk, line);
  await actions.leaveEdit(app, talk);
  const [first, second] = await store.list();
  assert.deepEqual([first.id, first.state, first.held, first.answer], ["1", entry.state, undefined, answer]);
  assert.equal(second.id, "2");
  assert.equal(talk.editing.value, null);
});

test("an edit goes on after a reload, of the same message and with its new words", async (t) => {
  const page = openPage(t);
  await actions.beginEdit(page.app, page.talk, lineOf({ id: "7", content: "What is it?", mode: "about" }));
  page.write("What was it?");
  const again = openPage(t);
  actions.resumeEdit(again.app, again.talk);
  const { id, replaces, text, mode } = again.talk.editing.value;
  assert.deepEqual([id, replaces, text, mode], ["7", "7", "What was it?", "about"]);
  await again.sendIt();
  assert.deepEqual(
    (await again.store.list()).map((entry) => [entry.content, entry.replaces]),
    [["What was it?", "7"]],
  );
  assert.equal(again.app.drafts.get(editOf("c")).edits, undefined);
});

test("an edit leaves alone what else was being written", async (t) => {
  const { app, talk, write, sendIt } = openPage(t);
  app.drafts.keep("c", { text: "Half a thought", sending: null });
  const line = lineOf({ id: "7", content: "What is it?" });
  await actions.beginEdit(app, talk, line);
  write("What was it?");
  await actions.leaveEdit(app, talk);
  assert.equal(app.drafts.get("c").text, "Half a thought");
  await actions.beginEdit(app, talk, line);
  await sendIt();
  actions.endEdit(app, talk, "and typed on");
  assert.equal(app.drafts.get("c").text, "Half a thought\n\nand typed on");
});

test("an unsaved edit that is edited again still takes the first one's place", async (t) => {
  const { app, talk, line, store, write, sendIt } = await withUnsaved(t, { replaces: "7" });
  await store.add(letter("2"));
  await actions.beginEdit(app, talk, line);
  write("better");
  assert.equal(await sendIt(), null);
  const kept = await store.list();
  assert.deepEqual(
    kept.map(({ content, replaces }) => [content, replaces]),
    [
      ["better", "7"],
      ["2", null],
    ],
  );
});

test("what the server never had to edit is sent as a message of its own", async (t) => {
  const fault = { code: "not_found", detail: "", status: 404 };
  const { app, talk, line } = await withUnsaved(t, { replaces: "7", state: "parked", fault });
  await actions.beginEdit(app, talk, line);
  assert.equal(talk.editing.value.replaces, null);
});

test("a message that arrived while it was edited is replaced, not repeated", async (t) => {
  const { app, talk, line, entry, store, sendIt } = await withUnsaved(t);
  await actions.beginEdit(app, talk, line);
  await store.remove("1");
  talk.entries.value = [lineOf(entry)];
  await sendIt();
  assert.deepEqual(
    (await store.list()).map(({ replaces }) => replaces),
    ["1"],
  );
});

test("what was on its way when it was edited and sent is followed by an edit of it", async (t) => {
  let answer = () => {};
  const deliver = () => new Promise((resolve) => (answer = resolve));
  const { app, talk, line, store, sent, outbox, write, sendIt } = await withUnsaved(t, {}, { deliver });
  const delivered = outbox.drain();
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await actions.beginEdit(app, talk, line);
  write("better");
  await sendIt();
  answer({});
  while (sent.length === 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    sent.map(({ content, replaces }) => [content, replaces]),
    [
      ["1", null],
      ["better", "1"],
    ],
  );
  answer({});
  await delivered;
  assert.deepEqual(await store.list(), []);
});

test("a failure that comes late does not send on what is being edited", async (t) => {
  let fail = () => {};
  const deliver = () => new Promise((_, reject) => (fail = reject));
  const { app, talk, line, store, sent, outbox } = await withUnsaved(t, {}, { deliver });
  const delivered = outbox.drain();
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await actions.beginEdit(app, talk, line);
  fail(down());
  await delivered;
  const [entry] = await store.list();
  assert.deepEqual([entry.state, entry.held, sent.length], ["parked", "not_saved", 1]);
});

test("a new wording that is refused leaves the first one where it was", async (t) => {
  const deliver = () => {
    throw refused();
  };
  const { app, talk, line, store, write, sendIt } = await withUnsaved(t, {}, { deliver });
  await actions.beginEdit(app, talk, line);
  write("worse");
  assert.equal((await sendIt({ untilHeard: true })).code, "no");
  assert.deepEqual(
    (await store.list()).map(({ id, content }) => [id, content]),
    [["1", "1"]],
  );
  assert.equal(app.drafts.get(editOf("c")).text, "worse");
});

test("a message set aside by an edit that nobody remembers is sent after all", async (t) => {
  const { app, talk, store } = await withUnsaved(t, { state: "parked", held: "not_saved" });
  app.outbox.drain = () => {};
  actions.resumeEdit(app, talk);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    (await store.list()).map(({ state, held }) => [state, held]),
    [["not_saved", undefined]],
  );
});

test("words that were changed are not lost to the edit of another message", async (t) => {
  const { app, talk, write } = openPage(t);
  await actions.beginEdit(app, talk, lineOf({ id: "7", content: "One" }));
  write("One, changed");
  await actions.beginEdit(app, talk, lineOf({ id: "8", content: "Two" }));
  assert.deepEqual([talk.editing.value.id, talk.editing.value.text, toasts.value.length], ["7", "One, changed", 1]);
});
