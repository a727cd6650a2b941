import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

const { ReplyProgress } = await import("../../src/ttrpg_assistant/web/app/models/reply_progress.js");

/** A progress with a clock of its own and frames that come when they are asked for. */
function begin() {
  const at = { ms: 1_000_000 };
  const frames = [];
  const progress = new ReplyProgress(
    (run) => frames.push(run),
    () => at.ms,
  );
  return { at, progress, paint: () => frames.splice(0).forEach((run) => run()) };
}

test("a page that is opened in the middle of a wait counts from where the wait stands", () => {
  const { at, progress } = begin();
  progress.restart("", { phase: "reading", seconds: 41.5 });
  assert.equal((at.ms - progress.phase.value.since) / 1000, 41.5);
});

test("a countdown ends when the server said, however late another tab hears of it", () => {
  const { at, progress } = begin();
  progress.say({
    phase: "waiting",
    until_seconds: 14,
    code: "model_rate_limited",
    detail: "The provider asks to wait.",
  });
  at.ms += 9000;
  const other = begin();
  other.at.ms = at.ms;
  other.progress.restart(progress.told.reasoning, JSON.parse(JSON.stringify(progress.told.phase)));
  assert.equal(other.progress.phase.value.until, progress.phase.value.until);
  assert.equal(other.progress.phase.value.detail, "The provider asks to wait.");
});

test("what is thought grows once a frame, and is whole for a tab that joins between two", () => {
  const { progress, paint } = begin();
  let drawn = 0;
  progress.thinking.subscribe(() => (drawn += 1));
  for (const piece of ["Who ", "is ", "Mira?"]) progress.think(piece, 0);
  paint();
  assert.equal(drawn, 2);
  assert.equal(progress.thinking.value, "Who is Mira?");
  progress.think(" A ferrywoman.", 1);
  assert.equal(progress.told.reasoning, "Who is Mira? A ferrywoman.");
});

test("how long was thought is known with the first word of the answer, and stays", () => {
  const { at, progress } = begin();
  progress.think("Hm", 0);
  at.ms += 12_400;
  progress.write();
  at.ms += 60_000;
  progress.write();
  assert.equal(progress.thoughtSeconds.value, 12.4);
  assert.equal(progress.phase.value.name, "writing");
});

test("thinking that the server has been at for a while counts from its beginning", () => {
  const { at, progress } = begin();
  progress.think("and so", 30);
  at.ms += 2000;
  progress.write();
  assert.equal(progress.thoughtSeconds.value, 32);
});
