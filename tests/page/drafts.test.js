import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Drafts, editOf } from "../../src/ttrpg_assistant/web/app/drafts.js";
import { openBrowser } from "./browser_storage.js";

const said = (text, sending = null) => ({ text, sending });

beforeEach(() => openBrowser());

test("a draft that was sent is forgotten when its message is safe", () => {
  const drafts = new Drafts();
  drafts.keep("c", said("Who is there?", "1"));
  drafts.finish("c", "1");
  assert.equal(drafts.get("c").text, "");
});

test("what was written in another tab while a message was on its way stays", () => {
  const drafts = new Drafts();
  drafts.keep("c", said("Who is there?", "1"));
  drafts.keep("c", said("and half a thou"));
  drafts.finish("c", "1");
  assert.equal(drafts.get("c").text, "and half a thou");
});

test("a tab that writes and clears a letter leaves another tab's draft alone", () => {
  const [a, b] = [new Drafts(), new Drafts()];
  b.take("c");
  a.take("c");
  a.keep("c", said("A long paragraph"));
  b.keep("c", said("b"));
  b.keep("c", said(""));
  assert.equal(new Drafts().take("c").text, "A long paragraph");
});

test("two tabs' drafts stand beside each other, over a reload of either", () => {
  const [a, b] = [new Drafts(), new Drafts()];
  a.keep("c", said("A long paragraph"));
  const ofA = sessionStorage;
  openBrowser({ kept: localStorage });
  b.keep("c", said("Another thought"));
  assert.equal(new Drafts().take("c").text, "Another thought");
  globalThis.sessionStorage = ofA;
  assert.equal(new Drafts().take("c").text, "A long paragraph");
});

test("a closed tab's draft is found when the first place is free again", () => {
  const [a, b] = [new Drafts(), new Drafts()];
  a.keep("c", said("A long paragraph"));
  b.keep("c", said("Another thought"));
  a.keep("c", said("A long paragraph", "1"));
  a.finish("c", "1");
  openBrowser({ kept: localStorage });
  assert.equal(new Drafts().take("c").text, "Another thought");
});

test("a draft that a tab has taken up is its own to go on with and to clear", () => {
  const a = new Drafts();
  a.keep("c", said("A long paragraph"));
  const b = new Drafts();
  b.take("c");
  b.keep("c", said("A longer paragraph"));
  assert.equal(new Drafts().take("c").text, "A longer paragraph");
  b.keep("c", said(""));
  assert.equal(new Drafts().take("c").text, "");
});

test("looking at a draft is not taking it up", () => {
  const [a, b] = [new Drafts(), new Drafts()];
  a.keep("c", said("A long paragraph"));
  assert.equal(b.get("c").text, "A long paragraph");
  b.keep("c", said(""));
  assert.equal(a.get("c").text, "A long paragraph");
});

test("a text without room in the browser is given back while the page is open", () => {
  const drafts = new Drafts();
  drafts.keep("c", said("short"));
  localStorage.setItem = () => {
    throw new Error("full");
  };
  drafts.keep("c", said("far too long"));
  assert.equal(drafts.take("c").text, "far too long");
});

test("an edit is kept beside what was being written, also when it is empty", () => {
  const drafts = new Drafts();
  drafts.keep("c", said("Half a thought"));
  drafts.keep(editOf("c"), { text: "", sending: null, edits: { id: "1", mode: null } });
  assert.equal(new Drafts().take(editOf("c")).edits.id, "1");
  drafts.drop(editOf("c"));
  assert.equal(new Drafts().take(editOf("c")).edits, undefined);
  assert.equal(new Drafts().take("c").text, "Half a thought");
});
