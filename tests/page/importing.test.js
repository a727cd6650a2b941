import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

const { Importing } = await import("../../src/ttrpg_assistant/web/app/state/files/importing.js");

/** A screen that shows a running import of a server; cancelled, it ends as told. */
async function begin(t, ended) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const running = {
    id: "i",
    conversation_id: "c",
    title: "GameSessionLog",
    state: "running",
    messages: 0,
    bytes_read: 0,
    bytes_total: 9,
    fault: null,
  };
  const answers = {
    "/api/imports": { imports: [running] },
    "/api/imports/i": running,
    "/api/threads/c": { campaign_id: "k" },
  };
  const importing = new Importing({
    get: async (path) => answers[path],
    post: async () => ({ ...running, state: ended }),
  });
  const following = importing.takeUp();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(importing.step.value.is, "running");
  await importing.cancel();
  t.mock.timers.tick(10_000);
  await following;
  return importing.step.value;
}

test("an import that was called off says that nothing is left", async (t) => {
  assert.deepEqual(await begin(t, "cancelled"), { is: "choosing", words: "Cancelled. Nothing was imported." });
});

test("an import that was whole before it could be called off is shown as there", async (t) => {
  const { is, now, campaignId } = await begin(t, "done");
  assert.deepEqual([is, now.conversation_id, campaignId], ["taken", "c", "k"]);
});

test("what is chosen for a column and a thing is asked of the server, and kept for the end", async () => {
  const asked = [];
  const importing = new Importing({
    post: async (path, body) => {
      asked.push([path, body]);
      return { import_id: "i", things: [], columns: [] };
    },
  });
  const choices = {
    skip: ["a"],
    kinds: { b: "npc" },
    fields: {},
    columns: { Job: "role" },
    skip_facts: false,
    read_notes: true,
  };
  importing.step.value = { is: "files", preview: { import_id: "i" }, choices: {}, campaigns: [], isBusy: false };
  await importing.lookAgain(choices, "k");
  const wanted = { kinds: { b: "npc" }, columns: { Job: "role" }, read_notes: true };
  assert.deepEqual(asked, [["/api/imports/i/preview", { campaign_id: "k", choices: wanted }]]);
  assert.deepEqual(importing.step.value.choices, choices);
});

test("notes that a model reads are imported, and their reading begins", async () => {
  const asked = [];
  const done = { id: "i", kind: "files", state: "done", report: { notes: ["c"] } };
  const importing = new Importing({
    post: async (path, body) => {
      asked.push([path, body]);
      return path.endsWith("/accept") ? { follow: done } : { id: "r" };
    },
  });
  const choices = { skip: [], read_notes: true };
  importing.step.value = { is: "files", preview: { import_id: "i", campaign_id: "k" }, choices, isBusy: false };
  assert.equal(await importing.accept(), "c");
  assert.deepEqual(asked.slice(1), [
    ["/api/transcript-reviews", { conversation_id: "c" }],
    ["/api/transcript-reviews/r/start", {}],
  ]);
});

test("a text of the campaign is looked at as notes are, for its own campaign", async () => {
  const sent = [];
  const importing = new Importing({
    get: async () => ({ campaigns: [{ id: "k", name: "Marsh" }] }),
    upload: async (path, file) => {
      sent.push([path, file.name, await file.text()]);
      return { import_id: "i", things: [], notes: { characters: 7, is_too_long: false } };
    },
  });
  await importing.lookAtText("Before/after", "# Marsh", "k");
  assert.deepEqual(sent, [
    ["/api/imports?filename=Before+after.md&more=false&campaign_id=k", "Before after.md", "# Marsh"],
  ]);
  assert.equal(importing.step.value.is, "files");
});
