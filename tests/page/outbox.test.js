import assert from "node:assert/strict";
import test from "node:test";
import { MemoryStore } from "../../src/ttrpg_assistant/web/app/models/memory_store.js";
import { Outbox } from "../../src/ttrpg_assistant/web/app/outbox.js";
import { Backoff } from "../../src/ttrpg_assistant/web/app/models/backoff.js";
import { afterFailure, isFinal, lanes } from "../../src/ttrpg_assistant/web/app/models/outbox_rules.js";

const QUICK = { first: 1, longest: 1 };
const letter = (id, conversation = "c", more = {}) => ({
  id,
  conversation_id: conversation,
  kind: "chat",
  content: id,
  mode: null,
  replaces: null,
  created_at: "",
  attempts: 0,
  state: "waiting",
  fault: null,
  ...more,
});
const fails = (status, code = "x") => Object.assign(new Error(code), { status, code, detail: code, retryAfter: null });

/** An outbox over a server that answers as told; `until` waits for something to be so. */
function app(answer, { store = new MemoryStore(), lock, hear = () => {} } = {}) {
  const asked = [];
  const delivered = [];
  const flying = { now: new Map(), most: 0 };
  const outbox = new Outbox({
    store,
    durable: true,
    quick: QUICK,
    lock,
    deliver: async (entry) => {
      asked.push(entry.id);
      const now = (flying.now.get(entry.conversation_id) ?? 0) + 1;
      flying.now.set(entry.conversation_id, now);
      flying.most = Math.max(flying.most, now);
      await new Promise((resolve) => setImmediate(resolve));
      flying.now.set(entry.conversation_id, now - 1);
      return answer(entry, asked.filter((id) => id === entry.id).length);
    },
    listeners: {
      onDelivered: (entry) => {
        delivered.push(entry.id);
        hear("delivered");
      },
      onFailure: () => hear("failure"),
      onChange: () => hear("change"),
    },
  });
  return { outbox, store, asked, delivered, flying };
}

async function settled(outbox) {
  await outbox.drain();
}

test("messages of a conversation are delivered in order, one at a time", async () => {
  const { outbox, delivered, flying } = app(() => ({}));
  for (const id of ["1", "2", "3", "4"]) await outbox.accept(letter(id));
  await settled(outbox);
  assert.deepEqual(delivered, ["1", "2", "3", "4"]);
  assert.equal(flying.most, 1);
});

test("a passing failure is tried again and keeps the order", async () => {
  const { outbox, delivered } = app((entry, attempt) => {
    if (entry.id === "1" && attempt < 3) throw fails(503);
    return {};
  });
  await outbox.accept(letter("1"));
  await outbox.accept(letter("2"));
  await settled(outbox);
  assert.deepEqual(delivered, ["1", "2"]);
});

test("after three quick attempts a message is shown as not saved, and stays", async () => {
  const { outbox, store, asked } = app(() => {
    throw fails(0);
  });
  await store.add(letter("1"));
  await outbox.drain();
  assert.deepEqual(asked, ["1", "1", "1"]);
  const [entry] = await store.list();
  assert.deepEqual([entry.state, entry.attempts], ["not_saved", 3]);
  clearTimers(outbox);
});

test("a later drain delivers what was not saved", async () => {
  let up = false;
  const { outbox, store, delivered } = app(() => {
    if (!up) throw fails(0);
    return {};
  });
  await store.add(letter("1"));
  await store.add(letter("2"));
  await outbox.drain();
  up = true;
  await outbox.drain();
  assert.deepEqual(delivered, ["1", "2"]);
  assert.deepEqual(await store.list(), []);
});

test("a message refused for good is set aside and does not hold up the others", async () => {
  const { outbox, store, delivered } = app((entry) => {
    if (entry.id === "bad") throw fails(422, "blocked");
    return {};
  });
  for (const id of ["bad", "good", "fine"]) await store.add(letter(id));
  await outbox.drain();
  assert.deepEqual(delivered, ["good", "fine"]);
  assert.deepEqual(
    (await store.list()).map((e) => [e.id, e.state, e.fault.code]),
    [["bad", "parked", "blocked"]],
  );
});

test("an error of whoever listens is reported and holds up no delivery", async (t) => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  t.after(() => delete globalThis.reportError);
  const { outbox, store, delivered } = app(
    (entry, attempt) => {
      if (entry.id === "1" && attempt < 2) throw fails(503);
      return {};
    },
    {
      hear: (what) => {
        throw new Error(what);
      },
    },
  );
  for (const id of ["1", "2"]) await outbox.accept(letter(id));
  await settled(outbox);
  assert.deepEqual(delivered, ["1", "2"]);
  assert.deepEqual(await store.list(), []);
  assert.equal(reported.filter((what) => what === "delivered").length, 2);
  assert.deepEqual(new Set(reported), new Set(["change", "failure", "delivered"]));
});

test("a conversation in trouble does not hold up another", async () => {
  const { outbox, store, delivered } = app((entry) => {
    if (entry.conversation_id === "a") throw fails(503);
    return {};
  });
  await store.add(letter("1", "a"));
  await store.add(letter("2", "b"));
  await outbox.drain();
  assert.deepEqual(delivered, ["2"]);
  clearTimers(outbox);
});

test("not being let in is no fault of the message", async () => {
  const { outbox, store, asked } = app(() => {
    throw fails(401);
  });
  await store.add(letter("1"));
  await outbox.drain();
  assert.deepEqual(asked, ["1"]);
  const [entry] = await store.list();
  assert.deepEqual([entry.state, entry.attempts], ["waiting", 0]);
  clearTimers(outbox);
});

test("retrying a refused message tries it again", async () => {
  let willing = false;
  const { outbox, store, delivered } = app(() => {
    if (!willing) throw fails(422);
    return {};
  });
  await store.add(letter("1"));
  await outbox.drain();
  willing = true;
  await outbox.retry("1");
  await settled(outbox);
  assert.deepEqual(delivered, ["1"]);
});

test("a discarded message is not brought back by the failure of its last attempt", async () => {
  const { outbox, store } = app(async (entry) => {
    await outbox.discard(entry.id);
    throw fails(503);
  });
  await store.add(letter("1"));
  await outbox.drain();
  assert.deepEqual(await store.list(), []);
});

test("the hundred and first message is refused and none is dropped", async () => {
  const store = new MemoryStore();
  for (let n = 0; n < 100; n += 1) await store.add(letter(`${n}`));
  await assert.rejects(store.add(letter("one too many")), { name: "OutboxFull" });
  assert.equal((await store.list()).length, 100);
});

test("when the lock is lost in mid-delivery the tab stops delivering", async () => {
  const lost = new AbortController();
  const { outbox, store, asked } = app(
    () => {
      lost.abort();
      return {};
    },
    { lock: (work) => work(lost.signal) },
  );
  await store.add(letter("1"));
  await store.add(letter("2"));
  await outbox.drain();
  assert.deepEqual(asked, ["1"]);
  clearTimers(outbox);
});

test("a browser that keeps nothing does not let a message overtake one that waits", async () => {
  const { outbox, store } = app(() => ({}));
  await store.add(letter("1"));
  assert.equal((await outbox.sendNow(letter("2"))).code, "earlier_waits");
});

/** Tabs of one browser: what one posts, every other hears. */
function tabs() {
  const all = [];
  return () => {
    const channel = {
      onmessage: null,
      postMessage: (data) =>
        all.filter((each) => each !== channel).forEach((each) => each.onmessage?.({ data: structuredClone(data) })),
    };
    all.push(channel);
    return channel;
  };
}

test("what goes wrong in the delivering tab is told in every tab, also in one opened later", async () => {
  const store = new MemoryStore();
  const join = tabs();
  const told = [];
  const open = (name, deliver) =>
    new Outbox({
      store,
      durable: true,
      quick: QUICK,
      channel: join(),
      lock: async (work) => name === "a" && work(new AbortController().signal),
      deliver,
      listeners: {
        onFailure: (entry, { status }) => told.push([name, entry.id, status]),
        onSlow: () => told.push([name, "slow"]),
      },
    });
  const a = open("a", async () => {
    throw fails(503);
  });
  open("b");
  a.slow();
  assert.deepEqual(told.splice(0), [
    ["a", "slow"],
    ["b", "slow"],
  ]);
  await store.add(letter("1"));
  await a.drain();
  assert.deepEqual(told.splice(0, 2), [
    ["a", "1", 503],
    ["b", "1", 503],
  ]);
  told.length = 0;
  clearTimers(a);
  await store.remove("1");
  const c = open("c");
  await c.start();
  assert.deepEqual(
    told.filter(([name]) => name === "c"),
    [["c", "1", 503]],
  );
});

test("only answers that can never change are final", () => {
  for (const status of [400, 403, 404, 409, 413, 415, 422]) assert.equal(isFinal(fails(status)), true, `${status}`);
  for (const status of [0, 401, 408, 429, 500, 502, 503, 507]) assert.equal(isFinal(fails(status)), false, `${status}`);
});

test("an entry counts its failures", () => {
  const once = afterFailure(letter("1"), fails(503));
  assert.deepEqual([once.state, once.attempts], ["waiting", 1]);
});

test("lanes keep the order of acceptance whatever the clock said", () => {
  const found = lanes([letter("b", "c", { order: 2 }), letter("a", "c", { order: 1 })]);
  assert.deepEqual(
    found.get("c").map((e) => e.id),
    ["a", "b"],
  );
});

test("waits double up to a longest one and never fall together", () => {
  const backoff = new Backoff({ first: 1000, longest: 5000, random: () => 0.5 });
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next(), backoff.next()], [1000, 2000, 4000, 5000]);
  const low = new Backoff({ first: 1000, random: () => 0 }).next();
  const high = new Backoff({ first: 1000, random: () => 1 }).next();
  assert.deepEqual([low, high], [750, 1250]);
});

/** Leaves no timer behind that would keep the test process alive. */
function clearTimers(outbox) {
  outbox.rest();
}

test("a store that a newer page took away ends the work quietly, not as an unheard fault", async () => {
  const unheard = [];
  const hear = (reason) => unheard.push(reason);
  process.on("unhandledRejection", hear);
  const store = new MemoryStore();
  const { outbox, asked } = app(() => ({}), { store });
  await outbox.start();
  await settled(outbox);
  store.list = () => Promise.reject(new DOMException("The database connection is closing.", "InvalidStateError"));
  outbox.wake();
  await settled(outbox);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", hear);
  assert.deepEqual(unheard, []);
  assert.deepEqual(asked, []);
});
