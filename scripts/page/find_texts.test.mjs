import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { findTexts } from "./find_texts.mjs";

const TSCONFIG = { compilerOptions: { allowJs: true, noEmit: true, noLib: true, types: [] }, include: ["../../src/**/*.js"] };

/** What is found in these modules, by their names. @param {Record<string, string>} modules */
function find(modules) {
  const root = mkdtempSync(join(tmpdir(), "texts-"));
  try {
    const files = { "scripts/page/tsconfig.json": JSON.stringify(TSCONFIG) };
    for (const [name, source] of Object.entries(modules)) files[`src/ttrpg_assistant/web/app/${name}`] = source;
    for (const [name, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), source);
    }
    return findTexts(root).map(({ file, line, text }) => `${file}:${line}: ${text}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const list = (/** @type {string} */ source) => find({ "a.js": source }).map((each) => each.replace("a.js:1: ", ""));

test("texts are found between tags, in what is read out, and where an expression is shown", () => {
  assert.deepEqual(list("html`<p class=${`a ${b}`}>Hello there ${name}, ${n === 1 ? 'one' : `${n} more`}</p>`"), [
    "Hello there",
    "one",
    "${} more",
  ]);
  assert.deepEqual(list('html`<${Icon} name="x" label="close" /><input placeholder=${wide && "words"} title="in ${place}">`'), [
    "close",
    "words",
    "in ",
  ]);
  assert.deepEqual(list("html`<!-- a comment -->${' '}<b>·</b>`"), []);
});

test("texts are found in what is said, thrown, returned and listed", () => {
  assert.deepEqual(list("toast(done ? `saved` : w.failed)"), ["saved"]);
  assert.deepEqual(list('throw new ApiFault({ code: "gone", detail: "it is gone" })'), ["it is gone"]);
  assert.deepEqual(list('const f = () => (a ? "Quick chat" : `until ${b}`)'), ["Quick chat", "until ${}"]);
  assert.deepEqual(list('const KINDS = [{ id: "npcs", label: "people" }, ["gm", "Only the GM"]]'), ["people", "Only the GM"]);
  assert.deepEqual(list('registerKeys({ keys: "Ctrl F", what: "Find in this conversation" })'), ["Find in this conversation"]);
});

test("what only the program reads is no text", () => {
  const program = [
    'import a from "A sentence of a path";',
    'if (keyOf(event) === "Enter" || kind === "A kind") x.classList.add("a b");',
    'document.querySelector("dialog[open] p"); api.get(`/api/x/${id}?limit=2`); x["Some key"] = 1;',
    'headers.set("Content-Type", "application/json"); element.setAttribute("rel", "noopener noreferrer");',
    'switch (x) { case "Big Case": break } class OutboxFull extends Error { name = "OutboxFull" }',
    'throw new TypeError("no such thing in this program"); const b = html`<a class="one two" href="/a b" data-x="y z"></a>`;',
  ];
  for (const line of program) assert.deepEqual(list(line), [], line);
});

test("the folder of words may hold them, and every other file is named with its line", () => {
  const found = find({ "words/en/chat.js": 'export const chat = { send: "Send it now" };', "b/c.js": '\n\nf("Send it now");' });
  assert.deepEqual(found, ["b/c.js:3: Send it now"]);
});
