import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";
import { openBrowser } from "./browser_storage.js";

const APP = "../../src/ttrpg_assistant/web/app";
openBrowser();
globalThis.document = { hidden: false };
const { Talk } = await import(`${APP}/state/talk/talk.js`);

const answer = (id) => ({
  user_message: { id: "q", parent_id: null, seq: 1, role: "user", status: "complete", content: "q" },
  assistant_message: { id, parent_id: "q", seq: 2, role: "assistant", status: "complete", content: id },
});

test("another answer that is asked for twice at once is asked for once, and later again", async () => {
  const asked = [];
  const api = { post: (path) => new Promise((resolve, reject) => asked.push({ path, resolve, reject })) };
  const talk = new Talk({ api }, { kind: "chat" });
  talk.catchUp = async () => {};
  const first = talk.regenerate("a");
  talk.regenerate("a");
  talk.regenerate("b");
  assert.deepEqual(
    asked.map(({ path }) => path),
    ["/api/replies/a/regenerate", "/api/replies/b/regenerate"],
  );
  asked[0].resolve(answer("a2"));
  await first;
  const again = talk.regenerate("a");
  asked[2].reject(new Error("refused"));
  await assert.rejects(again);
  talk.regenerate("a");
  assert.equal(asked.length, 4);
});

test("more of an answer that is asked for twice at once is asked for once, and it goes on in its place", async () => {
  const asked = [];
  const api = { post: (path) => new Promise((resolve) => asked.push({ path, resolve })) };
  const talk = new Talk({ api }, { kind: "chat" });
  talk.catchUp = async () => {};
  const first = talk.continueReply("a");
  talk.continueReply("a");
  assert.deepEqual(
    asked.map(({ path }) => path),
    ["/api/replies/a/continue"],
  );
  asked[0].resolve(answer("a"));
  await first;
  assert.equal(talk.sends.value, 0, "who reads elsewhere is not taken to its end");
});
