import assert from "node:assert/strict";
import test from "node:test";
import { printedFields, printedLines, printedThings } from "../../src/ttrpg_assistant/web/app/models/printable.js";
import { KINDS } from "../../src/ttrpg_assistant/web/app/state/campaign/campaign_kinds.js";

/** Every field of a kind, filled. @param {import("../../src/ttrpg_assistant/web/app/state/campaign/campaign_kinds.js").Kind} kind */
const filled = (kind) => Object.fromEntries(kind.fields.map(({ name }) => [name, "x"]));

test("without the GM-only parts no GM-only field of any kind is printed", () => {
  for (const kind of Object.values(KINDS)) {
    const { open, gmOnly } = printedFields(kind, filled(kind), false);
    assert.deepEqual(gmOnly, []);
    assert.ok(
      open.every((field) => !field.gmOnly),
      kind.name,
    );
    const all = printedFields(kind, filled(kind), true);
    const wanted = kind.fields.filter(({ name }) => name !== kind.named && name !== "is_present");
    assert.equal(all.open.length + all.gmOnly.length, wanted.length, kind.name);
  }
});

test("what says nothing is not printed", () => {
  const npc = {
    ...{ name: "Mira", role: "", voice_card: [], secrets: [], location_id: null, status: "well" },
    audience: "name",
  };
  assert.deepEqual(
    printedFields(KINDS.npc, npc, true).open.map(({ name }) => name),
    ["status"],
  );
});

test("only what everyone knows is printed without the GM-only parts, and nothing that is archived", () => {
  const things = [
    { id: "a", audience: "gm" },
    { id: "b", audience: "npcs" },
    { id: "c", audience: "group" },
    { id: "d", audience: "public" },
    { id: "e", archived_at: "2026-11-29T20:00:00Z" },
    { id: "f", archived_at: null },
    { id: "g", session_number: 2, status: "planned" },
    { id: "h", session_number: 1, status: "ended" },
    { id: "an NPC", status: "planned", audience: "name" },
    { id: "i", canon: "idea" },
    { id: "j", canon: "retconned" },
    { id: "k", canon: "prepped" },
    { id: "l", audience: "public", status: "retconned" },
    { id: "m", audience: "some" },
  ];
  assert.deepEqual(
    printedThings(things, false).map(({ id }) => id),
    ["d", "f", "h", "an NPC", "k"],
  );
  assert.deepEqual(
    printedThings(things, true).map(({ id }) => id),
    ["a", "b", "c", "d", "f", "g", "h", "an NPC", "i", "j", "k", "l", "m"],
  );
});

test("notes and events stand in the order of their time, without rolls and without secrets", () => {
  const notes = [
    { id: "n1", at: "2026-11-29T20:05:00Z", text: "A whisper", gm_only: true },
    { id: "n2", at: "2026-11-29T20:01:00Z", text: "They arrive", gm_only: false },
  ];
  const event = (/** @type {any} */ more) => ({
    kind: "happened",
    text: "x",
    entity_kind: null,
    entity_id: null,
    ...more,
  });
  const events = [
    event({ id: "e1", at: "2026-11-29T20:02:00Z", entity_kind: "plot_point", entity_id: "open" }),
    event({ id: "e2", at: "2026-11-29T20:03:00Z", entity_kind: "plot_point", entity_id: "secret" }),
    event({ id: "e3", at: "2026-11-29T20:04:00Z", entity_kind: "plot_point", entity_id: "deleted" }),
    event({ id: "e4", at: "2026-11-29T20:06:00Z", kind: "roll" }),
    event({ id: "e5", at: "2026-11-29T20:07:00Z", entity_kind: "item", entity_id: "lamp" }),
    event({ id: "e6", at: "2026-11-29T20:08:00Z", entity_kind: "item", entity_id: "ring" }),
    event({ id: "e7", at: "2026-11-29T20:09:00Z", entity_kind: "npc", entity_id: "mira" }),
  ];
  const closed = {
    plot_point: [
      { id: "open", audience: "public" },
      { id: "secret", audience: "gm" },
    ],
    item: [
      { id: "lamp", audience: "party" },
      { id: "ring", audience: "some" },
    ],
  };
  const ids = (/** @type {boolean} */ all) => printedLines(notes, events, closed, all).map(({ id }) => id);
  assert.deepEqual(ids(false), ["n2", "e1", "e5", "e7"]);
  assert.deepEqual(ids(true), ["n2", "e1", "e2", "e3", "n1", "e5", "e6", "e7"]);
});
