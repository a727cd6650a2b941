import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const WEB = join(dirname(fileURLToPath(import.meta.url)), "../../src/ttrpg_assistant/web");
const INDEX = readFileSync(join(WEB, "index.html"), "utf8");
const MAP = JSON.parse(/<script type="importmap">([\s\S]*?)<\/script>/.exec(INDEX)[1]).imports;

/** Every module that opening the chat needs, as the browser will ask for it. */
function reached(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const source = readFileSync(join(WEB, entry), "utf8");
  if (entry.startsWith("/vendor/")) {
    for (const [, name] of source.matchAll(/from"([^"]+)"/g)) reached(MAP[name], seen);
    return seen;
  }
  for (const [, name] of source.matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?"([^"]+)";/gm)) {
    reached(MAP[name] ?? normalize(join(dirname(entry), name)), seen);
  }
  return seen;
}

test("the page asks at once for every library that the chat needs", () => {
  // Without this list a browser finds them one depth after another, each a round trip later.
  const modules = [...reached("/app/main.js"), ...reached("/app/screens/chat.js")];
  const needed = new Set(modules.filter((path) => path.startsWith("/vendor/")));
  const listed = [...INDEX.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, href]) => href);
  assert.deepEqual([...listed].sort(), [...needed].sort());
});

test("every style sheet the page links is there", () => {
  for (const [, href] of INDEX.matchAll(/rel="stylesheet" href="([^"]+)"/g)) {
    assert.ok(readFileSync(join(WEB, href), "utf8").length > 0, href);
  }
});
