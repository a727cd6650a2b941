import assert from "node:assert/strict";
import test from "node:test";
import { ListenerList } from "../../src/ttrpg_assistant/web/app/listeners.js";

test("whoever listens is called, whatever another listener makes of it", (t) => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  t.after(() => delete globalThis.reportError);
  const heard = [];
  const listeners = new ListenerList();
  listeners.add({
    onHint: () => {
      throw new Error("the first one fails");
    },
  });
  const leave = listeners.add({ onHint: (hint) => heard.push(`left ${hint}`) });
  listeners.add({ onHint: (hint) => heard.push(hint) });
  leave();
  listeners.each((listener) => listener.onHint("a campaign changed"));
  assert.deepEqual(heard, ["a campaign changed"]);
  assert.deepEqual(reported, ["the first one fails"]);
});
