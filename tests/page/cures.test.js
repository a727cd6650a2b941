import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { controlsIn, LABELS } from "../../src/ttrpg_assistant/web/app/models/cures.js";

const SERVER = fileURLToPath(new URL("../../src/ttrpg_assistant", import.meta.url));
const labels = (cure) => controlsIn(cure).map(({ label }) => label);

test("a cure that names a control offers it, and one that names none offers nothing", () => {
  assert.deepEqual(labels("Set a larger Answer length under Settings → Model."), ["Answer length"]);
  assert.deepEqual(labels("Set “Context size” in Settings, or choose another model."), [
    "Context size",
    "Choose a model",
  ]);
  assert.deepEqual(labels("Check the key in Settings."), ["Settings"]);
  assert.deepEqual(labels("Ask again in a moment, or choose another model in Settings."), ["Choose a model"]);
  assert.deepEqual(labels("Check the key in Settings, or choose another model."), ["Settings", "Choose a model"]);
  assert.deepEqual(labels("Choose a model with a larger context."), ["Choose a model"]);
  assert.deepEqual(labels("What arrived is kept."), []);
  assert.deepEqual(labels(null), []);
});

test("every control that the server's words name under Settings → Model exists there", () => {
  const known = new Set(Object.values(LABELS));
  for (const file of readdirSync(SERVER, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".py")) continue;
    // Sentences are broken over lines in the source: joined as Python joins them.
    const text = readFileSync(join(SERVER, file), "utf8").replace(/"\s*\n\s*f?"/g, "");
    for (const [, label] of text.matchAll(/Settings → Model → ([A-Z][a-z]+(?: [a-z]+)?)/g)) {
      assert.ok(known.has(label), `${file} names “${label}”, which is no control`);
    }
  }
});
