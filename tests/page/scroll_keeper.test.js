import assert from "node:assert/strict";
import test from "node:test";
import { ScrollKeeper } from "../../src/ttrpg_assistant/web/app/models/scroll_keeper.js";

const at = (top, height = 3000, view = 600) => ({ top, height, view });

test("a conversation opens at its newest message", () => {
  assert.equal(new ScrollKeeper().settle(at(0), null), 2400);
});

test("growth below keeps the end in sight while it is followed", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  assert.equal(keeper.settle(at(2400, 3200), null), 2600);
});

test("any move upwards stops following, however small", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  keeper.scrolled(at(2390));
  assert.equal(keeper.following, false);
  assert.equal(keeper.settle(at(2390, 3500), null), 2390);
});

test("coming back to the end follows again", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  keeper.scrolled(at(1000));
  keeper.scrolled(at(2390));
  assert.equal(keeper.following, true);
});

test("content that shrinks under the reader at the end does not stop following", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  keeper.scrolled(at(2000, 2600));
  assert.equal(keeper.following, true);
});

test("older messages above leave what is read where it is", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  keeper.scrolled(at(300));
  // The line that stood 20 px below the edge now stands 1820 px below it: 1800 px came above.
  assert.equal(keeper.settle(at(300, 4800), { before: 20, now: 1820 }), 2100);
});

test("lines let go above leave what is read where it is", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  keeper.scrolled(at(2000));
  assert.equal(keeper.settle(at(2000, 2000), { before: 50, now: -950 }), 1000);
});

test("what a browser cuts off a position does not add up over many changes", () => {
  const keeper = new ScrollKeeper();
  keeper.settle(at(0), null);
  keeper.scrolled(at(1000));
  let top = 1000;
  let line = 80; // how far down the line that is read stands
  for (let step = 0; step < 40; step += 1) {
    const before = line;
    const now = line + 10.4; // lines of that height came above it
    const wanted = keeper.settle(at(top, 30000), { before, now });
    const set = Math.floor(wanted);
    line = now - (set - top);
    top = set;
    keeper.scrolled(at(top, 30000));
  }
  assert.ok(Math.abs(line - 80) < 1, `it stands at ${line}`);
});
