import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

globalThis.location ??= { port: "" };
const { calledNow, knownNames } = await import("../../src/ttrpg_assistant/web/app/components/campaign/choices.js");

const NOTHING = { locations: [], gameSessions: [], things: [] };
const LOADED = knownNames({ ...NOTHING, names: { inn: "The Gull" }, isWhole: true });

test("what a field refers to has its name, also when it is archived and is not offered any more", () => {
  assert.equal(calledNow("inn", LOADED), "The Gull");
});

test("what was deleted is said to be gone, what is still loading or was not listed is not", () => {
  assert.equal(calledNow("mill", LOADED), "(deleted)");
  assert.equal(calledNow("mill", knownNames(NOTHING)), "…");
  assert.equal(calledNow("mill", undefined), "…");
});
