import assert from "node:assert/strict";
import test from "node:test";
import { nextSteps } from "../../src/ttrpg_assistant/web/app/models/next_steps.js";

const EMPTY = { npcs: 0, gameSessions: [], builtIn: true, dismissed: [] };

/** @param {Partial<Parameters<typeof nextSteps>[0]>} known */
const ids = (known) => nextSteps({ ...EMPTY, ...known }).map(({ id }) => id);

test("a new campaign lacks an NPC, a plan, a model and a first game session", () => {
  assert.deepEqual(ids({}), ["npc", "plan", "model", "start"]);
  assert.deepEqual(
    nextSteps(EMPTY).map(({ number }) => number),
    [0, 1, 0, 1],
  );
});

test("each step is gone when it is done, and no other with it", () => {
  assert.deepEqual(ids({ npcs: 1 }), ["plan", "model", "start"]);
  assert.deepEqual(ids({ builtIn: false }), ["npc", "plan", "start"]);
  const planned = [{ session_number: 1, status: "planned" }];
  assert.deepEqual(ids({ gameSessions: planned }), ["npc", "model", "start"]);
  assert.deepEqual(ids({ gameSessions: [{ session_number: 1, status: "running" }] }), ["npc", "model"]);
});

test("after a game session the next one is to be planned, and nothing is to be started first", () => {
  const gameSessions = [
    { session_number: 2, status: "ended" },
    { session_number: 1, status: "ended" },
  ];
  assert.deepEqual(nextSteps({ ...EMPTY, npcs: 3, builtIn: false, gameSessions }), [{ id: "plan", number: 3 }]);
});

test("the earliest planned game session is the one to start", () => {
  const gameSessions = [
    { session_number: 4, status: "planned" },
    { session_number: 3, status: "planned" },
  ];
  assert.deepEqual(nextSteps({ ...EMPTY, gameSessions }).at(-1), { id: "start", number: 3 });
});

test("what was dismissed is suggested no more", () => {
  assert.deepEqual(ids({ dismissed: ["model", "npc"] }), ["plan", "start"]);
});
