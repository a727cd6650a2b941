import assert from "node:assert/strict";
import test from "node:test";
import { MOST_ENTRIES, Timeline } from "../../src/ttrpg_assistant/web/app/models/timeline.js";

const said = (seq, parent = seq - 1, more = {}) => ({
  id: `m${seq}`,
  conversation_id: "c",
  seq,
  parent_id: parent > 0 ? `m${parent}` : null,
  role: seq % 2 ? "user" : "assistant",
  content: `words ${seq}`,
  status: "complete",
  created_at: "2026-11-22T19:00:00.000000Z",
  updated_at: "2026-11-22T19:00:00.000000Z",
  ...more,
});
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => said(from + i));
const page = (messages, { more = false, tip = messages.at(-1)?.id ?? null, siblings = {} } = {}) => ({
  messages,
  has_more: more,
  tip_message_id: tip,
  siblings,
});
const ids = (timeline) => timeline.entries.map((entry) => entry.id);
const waits = (id, more = {}) => ({
  id,
  order: 1,
  conversation_id: "c",
  kind: "chat",
  content: `words of ${id}`,
  mode: null,
  replaces: null,
  created_at: "2026-11-22T19:00:00.000Z",
  attempts: 0,
  state: "waiting",
  fault: null,
  ...more,
});
const opened = (...args) => {
  const timeline = new Timeline();
  timeline.open(page(...args));
  return timeline;
};

test("the newest page is shown in order", () => {
  const timeline = opened(range(5, 8), { more: true });
  assert.deepEqual(ids(timeline), ["m5", "m6", "m7", "m8"]);
  assert.equal(timeline.hasOlder, true);
});

test("older pages come before, until there are none", () => {
  const timeline = opened(range(5, 8), { more: true });
  timeline.addOlder(page(range(1, 4), { tip: "m8" }));
  assert.deepEqual(ids(timeline), ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"]);
  assert.equal(timeline.hasOlder, false);
});

test("a message is one entry from waiting to stored", () => {
  const timeline = opened(range(1, 2));
  timeline.setPending([waits("m3")]);
  assert.deepEqual(ids(timeline), ["m1", "m2", "m3"]);
  assert.equal(timeline.entries.at(-1).sign, "on_device");
  timeline.settle(said(3), said(4, 3, { status: "streaming", content: "" }));
  timeline.setPending([waits("m3")]);
  assert.deepEqual(ids(timeline), ["m1", "m2", "m3", "m4"]);
  assert.deepEqual(timeline.entries.map((e) => e.sign).slice(2), ["saved", "answering"]);
  assert.equal(timeline.running.id, "m4");
});

test("what waits is shown in the order it was accepted, after what is stored", () => {
  const timeline = opened(range(1, 2));
  timeline.setPending([waits("b", { state: "not_saved" }), waits("a", { state: "parked" })]);
  assert.deepEqual(
    timeline.entries.slice(2).map((e) => [e.id, e.sign]),
    [
      ["b", "not_saved"],
      ["a", "refused"],
    ],
  );
});

test("entries that have not changed are the same objects", () => {
  const timeline = opened(range(1, 4));
  const before = timeline.entries;
  timeline.settle(said(5));
  assert.deepEqual(
    timeline.entries.slice(0, 4).map((e, i) => e === before[i]),
    [true, true, true, true],
  );
  timeline.addNewer(page(range(1, 5)));
  assert.equal(timeline.entries[0], before[0]);
});

test("another answer takes the place of the first, which stays reachable", () => {
  const timeline = opened(range(1, 2));
  timeline.settle(said(1), said(4, 1, { status: "streaming" }));
  assert.deepEqual(ids(timeline), ["m1", "m4"]);
  assert.deepEqual(timeline.entries[1].siblings, ["m2", "m4"]);
});

test("an edit hides what it replaces while it waits, and takes its place when stored", () => {
  const timeline = opened(range(1, 4));
  timeline.setPending([waits("edit", { replaces: "m3" })]);
  assert.deepEqual(ids(timeline), ["m1", "m2", "edit"]);
  timeline.settle(said(5, 2, { id: "edit", role: "user" }), said(6, 0, { parent_id: "edit" }));
  assert.deepEqual(ids(timeline), ["m1", "m2", "edit", "m6"]);
  assert.deepEqual(timeline.entries[2].siblings, ["m3", "edit"]);
});

test("catching up over several pages leaves no gap", () => {
  const timeline = opened(range(1, 2));
  assert.equal(timeline.addNewer(page(range(2, 4), { more: true, tip: "m6" })), true);
  assert.equal(timeline.addNewer(page(range(5, 6))), true);
  assert.deepEqual(ids(timeline), ["m1", "m2", "m3", "m4", "m5", "m6"]);
});

test("a page that does not continue what is loaded asks to be opened anew", () => {
  const timeline = opened(range(5, 8), { more: true });
  assert.equal(timeline.addNewer(page([said(20, 19)])), false);
  assert.equal(timeline.addNewer(page([], { tip: "elsewhere" })), false);
});

test("a conversation that was cleared meanwhile is opened anew", () => {
  assert.equal(opened(range(1, 4)).addNewer(page([], { tip: null })), false);
});

test("a stored turn whose parent is not loaded is not shown out of place", () => {
  const timeline = opened(range(1, 2));
  assert.equal(timeline.settle(said(9), said(10)), false);
  assert.deepEqual(ids(timeline), ["m1", "m2"]);
});

test("catching up asks again for what had not ended", () => {
  const timeline = opened([said(1), said(2, 1, { status: "streaming" }), said(3)]);
  assert.equal(timeline.catchUpFrom, 1);
  assert.equal(new Timeline().catchUpFrom, 0);
  timeline.addNewer(page([said(2, 1, { content: "whole" }), said(3)]));
  assert.equal(timeline.find("m2").content, "whole");
  assert.equal(timeline.running, null);
});

test("reading far up lets the newest go, and they come back", () => {
  const timeline = opened(range(401, 500), { more: true });
  for (let oldest = 401; oldest > 1; oldest -= 100) {
    timeline.addOlder(page(range(oldest - 100, oldest - 1), { more: oldest > 101, tip: "m500" }));
  }
  assert.equal(timeline.entries.length, MOST_ENTRIES);
  assert.equal(timeline.newest.id, `m${MOST_ENTRIES}`);
  assert.equal(timeline.hasNewer, true);
  timeline.settle(said(501));
  assert.equal(timeline.newest.id, `m${MOST_ENTRIES}`);
  assert.equal(timeline.addNewer(page(range(401, 500))), true);
  assert.equal(timeline.newest.id, "m500");
  assert.equal(timeline.hasNewer, false);
  assert.equal(timeline.hasOlder, true);
  assert.equal(timeline.entries.length, MOST_ENTRIES);
});

test("a parent chain that bites its tail does not hang the page", () => {
  const timeline = opened([said(1, 0, { parent_id: "m2" }), said(2)]);
  assert.deepEqual(ids(timeline), ["m1", "m2"]);
});

test("a page that was asked for before a reply ended does not open the reply again", () => {
  const timeline = opened([said(1), said(2, 1, { status: "streaming", content: "" })]);
  timeline.settle(said(2));
  timeline.addNewer(page([said(2, 1, { status: "streaming", content: "" })]));
  assert.deepEqual(timeline.entries.at(-1).sign, "complete");
  assert.equal(timeline.entries.at(-1).message.content, "words 2");
});

test("a finished answer never looks unfinished again, whatever comes late, until it goes on", () => {
  const begun = said(2, 1, { status: "streaming", content: "" });
  const whole = said(2, 1, { updated_at: "2026-11-22T19:00:01.000000Z" });
  const goesOn = { ...whole, status: "streaming", updated_at: "2026-11-22T19:00:02.000000Z" };
  const late = {
    "the answer to the send": (timeline, message) => timeline.settle(said(1), message),
    "a page of what is new": (timeline, message) => timeline.addNewer(page([message])),
    "an older page": (timeline, message) => timeline.addOlder(page([said(1), message])),
    "the newest page": (timeline, message) => timeline.open(page([said(1), message])),
    "a message among its neighbours": (timeline, message) =>
      timeline.openAround({
        messages: [said(1), message],
        siblings: {},
        has_older: false,
        has_newer: false,
        is_on_active_path: true,
        branch_tip_id: message.id,
      }),
  };
  for (const [what, arrives] of Object.entries(late)) {
    const timeline = opened([said(1), begun]);
    timeline.settle(whole);
    const before = timeline.entries.at(-1);
    arrives(timeline, begun);
    assert.equal(timeline.entries.at(-1), before, `${what} is not even drawn anew`);
    arrives(timeline, { ...begun, updated_at: whole.updated_at });
    assert.equal(timeline.entries.at(-1).message.content, "words 2", what);
    arrives(timeline, goesOn);
    assert.equal(timeline.entries.at(-1).sign, "answering", `${what}: it goes on`);
    timeline.settle(whole);
    assert.equal(timeline.entries.at(-1).sign, "complete", "the end is believed, whatever the clock says");
  }
});

test("an answer that waits with its message is a line of its own, and the same one when stored", () => {
  const timeline = opened([said(1)]);
  const answer = { id: "m3", content: "words 3", status: "streaming" };
  timeline.setPending([waits("m2", { answer })]);
  assert.deepEqual(
    timeline.entries.map((entry) => [entry.id, entry.sign]),
    [
      ["m1", "saved"],
      ["m2", "on_device"],
      ["m3", "answering"],
    ],
  );
  timeline.setPending([waits("m2", { answer: { ...answer, status: "complete" } })]);
  assert.equal(timeline.entries.at(-1).sign, "on_device");
  timeline.settle(said(2, 1, { role: "user" }), said(3, 2, { role: "assistant", origin: "recovered" }));
  assert.deepEqual(
    timeline.entries.map((entry) => [entry.id, entry.sign]),
    [
      ["m1", "saved"],
      ["m2", "saved"],
      ["m3", "complete"],
    ],
  );
});

test("of a hundred waiting messages only those that changed are drawn anew", () => {
  const timeline = opened([said(1)]);
  const all = () => Array.from({ length: 100 }, (_, i) => waits(`w${i}`));
  timeline.setPending(all());
  const before = timeline.entries;
  const next = all();
  next[3].state = "not_saved";
  timeline.setPending(next.slice(1));
  const after = new Set(timeline.entries);
  assert.deepEqual(
    before.filter((entry) => !after.has(entry)).map((entry) => entry.id),
    ["w0", "w3"],
  );
});

const around = (messages, more = {}) => ({
  messages,
  siblings: {},
  is_on_active_path: true,
  branch_tip_id: "m100",
  has_older: true,
  has_newer: true,
  ...more,
});

test("a message opens among its neighbours, and both sides are fetched from there", () => {
  const timeline = opened(range(97, 100), { more: true });
  timeline.openAround(around(range(40, 45)));
  assert.deepEqual(ids(timeline), ["m40", "m41", "m42", "m43", "m44", "m45"]);
  assert.deepEqual([timeline.hasOlder, timeline.hasNewer, timeline.branch], [true, true, null]);
  assert.equal(timeline.addNewer(page(range(46, 47), { more: true, tip: "m100" })), true);
  timeline.addOlder(page(range(38, 39), { more: true, tip: "m100" }));
  assert.deepEqual([ids(timeline).at(0), ids(timeline).at(-1), timeline.hasNewer], ["m38", "m47", true]);
});

test("another branch ends where it ends, and is never taken for the newest", () => {
  const timeline = opened(range(97, 100), { more: true });
  timeline.openAround(around(range(40, 43), { is_on_active_path: false, branch_tip_id: "m45" }));
  assert.deepEqual([timeline.branch, timeline.hasNewer, timeline.isAtBranchEnd], ["m45", true, false]);
  timeline.addNewer(page(range(44, 45), { tip: "m45" }));
  assert.deepEqual([ids(timeline).at(-1), timeline.hasNewer, timeline.isAtBranchEnd], ["m45", true, true]);
  timeline.settle(said(101));
  assert.equal(ids(timeline).at(-1), "m45");
  timeline.open(page(range(97, 101), { more: true }));
  assert.deepEqual([timeline.branch, timeline.hasNewer, ids(timeline).at(-1)], [null, false, "m101"]);
});

test("a round is all who are still to speak to the same words, the last first; later words have their own", () => {
  const going = { role: "assistant", status: "streaming" };
  const timeline = opened([
    said(1),
    said(2, 1, { role: "assistant" }),
    said(3, 2, going),
    said(4, 3, going),
    said(5),
    said(6, 5, going),
  ]);
  assert.deepEqual(
    timeline.runningRound.map(({ id }) => id),
    ["m4", "m3"],
  );
});

test("an answer that ended at its length limit is told from one that is whole", () => {
  const timeline = opened([said(1), said(2, 1, { finish_reason: "length" })]);
  assert.equal(timeline.entries[1].sign, "cut");
  timeline.settle(said(2, 1, { finish_reason: "stop", updated_at: "2026-11-22T19:00:01.000000Z" }));
  assert.equal(timeline.entries[1].sign, "complete");
});

test("an answer that goes on is heard of in another tab, whichever page comes late", () => {
  const whole = said(2, 1, { finish_reason: "length", updated_at: "2026-11-22T19:00:01.000000Z" });
  const goesOn = said(2, 1, { status: "streaming", updated_at: "2026-11-22T19:00:02.000000Z" });
  const timeline = opened([said(1), whole]);
  timeline.addNewer(page([goesOn]));
  assert.equal(timeline.entries[1].sign, "answering");
  timeline.addNewer(page([whole]));
  assert.equal(timeline.entries[1].sign, "answering", "asked for before it went on");
  timeline.addNewer(page([{ ...whole, updated_at: "2026-11-22T19:00:03.000000Z" }]));
  assert.equal(timeline.entries[1].sign, "cut");
});

test("what was thought stays when the message comes by itself", () => {
  const timeline = opened([said(1), said(2, 1, { reasoning: "Hm.", status: "streaming" })]);
  timeline.settle(said(2));
  assert.equal(timeline.entries[1].message.reasoning, "Hm.");
});
