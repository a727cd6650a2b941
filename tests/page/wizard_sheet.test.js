import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

const kept = new Map();
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};

const APP = "../../src/ttrpg_assistant/web/app";
const { ApiFault } = await import(`${APP}/faults.js`);
const { toasts } = await import(`${APP}/state/notices.js`);
const { WizardSheet } = await import(`${APP}/state/campaign/wizard_sheet.js`);

const refusal = (status, detail) => new ApiFault({ code: "x", detail, status });

/** A sheet over a server that keeps answers; `refuse` says what it throws instead, if anything. */
function begin(t, { refuse = () => null, refuseFinish = () => null } = {}) {
  // What is saved later by itself is not waited for: a test saves when it wants to.
  t.mock.timers.enable({ apis: ["setTimeout"] });
  kept.clear();
  toasts.value = [];
  const server = { answers: {}, step: "basics", saves: 0, made: null };
  const wizard = () => {
    const answers = {};
    for (const [name, value] of Object.entries(server.answers)) {
      const [step, field] = name.split(".");
      (answers[step] ??= {})[field] = value;
    }
    return { id: "w", step: server.step, answers, thread_id: null, status: "active", updated_at: "" };
  };
  const api = {
    patch: async (_path, { answers, step }) => {
      server.saves += 1;
      const fault = refuse(answers);
      if (fault) throw fault;
      Object.assign(server.answers, answers);
      server.step = step;
      return wizard();
    },
    post: async () => {
      const fault = refuseFinish();
      if (fault) throw fault;
      server.made = { ...server.answers };
      return { campaign: { id: "made" } };
    },
  };
  const open = () => new WizardSheet({ api, attend: () => () => {} }, wizard());
  return { server, sheet: open(), open };
}

test("a campaign is made of everything that was answered", async (t) => {
  const { server, sheet } = begin(t);
  sheet.set("basics.name", "The Long Night");
  sheet.set("intent.themes", ["cold", ""]);
  assert.deepEqual(await sheet.finish(), { id: "made" });
  assert.deepEqual(server.made, { "basics.name": "The Long Night", "intent.themes": ["cold"] });
  assert.equal(kept.size, 0);
});

test("no campaign is made while an answer cannot be saved, and the answer is kept", async (t) => {
  for (const status of [503, 422]) {
    let broken = true;
    const refuse = () => (broken ? refusal(status, "It was refused.") : null);
    const { server, sheet, open } = begin(t, { refuse });
    sheet.set("basics.name", "The Long Night");
    sheet.set("review.notes", "an evening of work");
    assert.equal(await sheet.finish(), null);
    assert.equal(
      sheet.trouble.value,
      "The campaign is not created yet. Not saved: “Name”, “Notes for yourself”. It was refused.",
    );
    assert.equal(server.made, null);
    assert.equal(sheet.saveState.value, "waiting");
    assert.equal(open().answers.value["review.notes"], "an evening of work");
    assert.deepEqual(toasts.value, []);

    broken = false;
    await sheet.save();
    assert.equal(sheet.trouble.value, "");
    assert.deepEqual(await sheet.finish(), { id: "made" });
    assert.deepEqual(server.made, { "basics.name": "The Long Night", "review.notes": "an evening of work" });
    t.mock.timers.reset();
  }
});

test("of many answers that cannot be saved three are named and the others counted", async (t) => {
  const { sheet } = begin(t, { refuse: () => refusal(503, "It is away.") });
  for (const name of [
    "basics.name",
    "basics.system",
    "initial_content.house_rules.Flanking",
    "scope.length",
    "scope.hours",
  ])
    sheet.set(name, "x");
  assert.equal(await sheet.finish(), null);
  assert.equal(
    sheet.trouble.value,
    "The campaign is not created yet. Not saved: “Name”, “System”, “Flanking”, 2 more. It is away.",
  );
});

test("an answer that was refused is told of once when nothing is being finished", async (t) => {
  const { sheet } = begin(t, { refuse: () => refusal(422, "It is too long.") });
  sheet.set("basics.name", "x");
  await sheet.save();
  assert.deepEqual(
    toasts.value.map((each) => each.text),
    ["It is too long."],
  );
});

test("a campaign that was refused leaves the answers that were typed meanwhile on the device", async (t) => {
  let typed = () => {};
  const refuseFinish = () => {
    typed();
    return refusal(503, "It is away.");
  };
  const { sheet, open } = begin(t, { refuseFinish });
  sheet.set("basics.name", "The Long Night");
  typed = () => sheet.set("basics.system", "our own");
  assert.equal(await sheet.finish(), null);
  assert.equal(sheet.trouble.value, "It is away.");
  assert.equal(open().answers.value["basics.system"], "our own");
});

test("a wizard with nothing new to save asks nothing of the server when it is left", async (t) => {
  const { server, sheet } = begin(t);
  const leave = sheet.attend();
  sheet.set("basics.name", "The Long Night");
  await sheet.finish();
  assert.equal(server.saves, 1);
  leave();
  assert.equal(server.saves, 1);
  sheet.go("scope");
  await sheet.save();
  assert.deepEqual([server.saves, server.step], [2, "scope"]);
});
