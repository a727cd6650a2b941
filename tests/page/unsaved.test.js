import assert from "node:assert/strict";
import test from "node:test";
import { MemoryStore } from "../../src/ttrpg_assistant/web/app/models/memory_store.js";
import { Outbox } from "../../src/ttrpg_assistant/web/app/outbox.js";
import { nextUnanswered, withCutAnswer } from "../../src/ttrpg_assistant/web/app/models/outbox_rules.js";

const letter = (id, more = {}) => ({
  id,
  conversation_id: "c",
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
const answered = (status) => ({ answer: { id: "a", content: "words", status } });
const refused = () => Object.assign(new Error("no"), { status: 503, code: "no", detail: "no" });

/** An outbox over a database that is away until `store.back`, with a model that answers. */
function app({ isWriting = async () => false, store = new MemoryStore() } = {}) {
  const seen = { delivered: [], asked: [], back: false };
  const outbox = new Outbox({
    store,
    durable: true,
    quick: { first: 1, longest: 1 },
    deliver: async (entry) => {
      if (!seen.back) throw refused();
      return entry;
    },
    meanwhile: {
      wanted: () => !seen.back,
      isWriting,
      answer: async (entry, lane, keep) => {
        seen.asked.push([entry.id, ...lane.map((each) => each.answer?.content ?? null)]);
        await keep({ id: `a-${entry.id}`, content: "", status: "streaming" });
        await keep({ id: `a-${entry.id}`, content: `to ${entry.id}`, status: "complete" });
      },
    },
    listeners: { onDelivered: (entry) => seen.delivered.push([entry.id, entry.answer?.content ?? null]) },
  });
  return { outbox, seen, store };
}

async function until(met) {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("only the first message without an answer is answered, and only after an ordinary attempt", () => {
  assert.equal(nextUnanswered([letter("1")]), null);
  assert.equal(nextUnanswered([letter("1", { attempts: 1 }), letter("2")]).id, "1");
  assert.equal(nextUnanswered([letter("1", answered("complete")), letter("2")]).id, "2");
  assert.equal(nextUnanswered([letter("1", answered("streaming")), letter("2")]), null);
  assert.equal(nextUnanswered([letter("0", { state: "parked" }), letter("1", { attempts: 1 })]).id, "1");
  assert.equal(nextUnanswered([letter("1", { attempts: 1, replaces: "0" })]), null);
});

test("what was said and answered while nothing could be stored is delivered together and in order", async () => {
  const { outbox, seen, store } = app();
  await outbox.accept(letter("1"));
  await outbox.accept(letter("2"));
  await until(async () => (await store.list()).every((entry) => entry.answer?.status === "complete"));
  assert.deepEqual(seen.asked, [
    ["1", null, null],
    ["2", "to 1", null],
  ]);
  seen.back = true;
  await until(async () => {
    outbox.drain();
    return seen.delivered.length === 2;
  });
  assert.deepEqual(seen.delivered, [
    ["1", "to 1"],
    ["2", "to 2"],
  ]);
  outbox.rest();
});

test("an answer whose tab is gone is kept as far as it came, marked once", async () => {
  const { outbox, seen, store } = app();
  seen.back = true;
  await store.add(letter("1", answered("streaming")));
  await outbox.drain();
  assert.deepEqual(seen.delivered, [["1", "words\n\n[Stream interrupted]"]]);
  const empty = letter("2", { answer: { id: "a", content: "", status: "streaming" } });
  assert.equal(withCutAnswer(empty).answer, null);
});

test("a message whose answer another tab is writing is left alone", async () => {
  let writing = true;
  const { outbox, seen, store } = app({ isWriting: async () => writing });
  seen.back = true;
  await store.add(letter("1", answered("streaming")));
  await outbox.drain();
  assert.deepEqual(seen.delivered, []);
  writing = false;
  await outbox.drain();
  assert.equal(seen.delivered.length, 1);
  outbox.rest();
});

test("an answer whose tab is gone does not keep the next message waiting", async () => {
  const { outbox, seen, store } = app();
  await store.add(letter("1", { attempts: 1, ...answered("complete") }));
  await store.add(letter("2", answered("streaming")));
  await outbox.accept(letter("3"));
  await until(async () => (await store.list()).every((entry) => entry.answer?.status !== "streaming" && entry.answer));
  assert.deepEqual(
    seen.asked.map(([id]) => id),
    ["3"],
  );
  seen.back = true;
  await until(async () => {
    outbox.drain();
    return seen.delivered.length === 3;
  });
  outbox.rest();
});
