import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import "./import_map.js";
const { dismiss, hold, letGo, toast, toasts } = await import("../../src/ttrpg_assistant/web/app/state/notices.js");

const A_WHILE = 60_000;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  for (const { id } of toasts.value) dismiss(id);
});

const said = () => toasts.value.map(({ text }) => text);

/** @param {string} text @returns {number} */
function show(text) {
  toast(text);
  return toasts.value.at(-1)?.id ?? assert.fail("nothing is shown");
}

test("a notice goes by itself", () => {
  show("Deleted.");
  mock.timers.tick(A_WHILE);
  assert.deepEqual(said(), []);
});

test("a notice stays while the focus is in it, though the pointer came and left", () => {
  const id = show("Deleted.");
  hold(id, "focus");
  hold(id, "pointer");
  letGo(id, "pointer");
  mock.timers.tick(A_WHILE);
  assert.deepEqual(said(), ["Deleted."]);
  letGo(id, "focus");
  mock.timers.tick(A_WHILE);
  assert.deepEqual(said(), []);
});

test("what leaves a notice that is gone starts nothing", () => {
  const id = show("Deleted.");
  hold(id, "pointer");
  dismiss(id);
  const later = show("Saved.");
  letGo(id, "pointer");
  assert.deepEqual(said(), ["Saved."]);
  dismiss(later);
});
