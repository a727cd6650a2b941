import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Lets Node find the page's libraries where a browser does: by the import map of index.html. Import
 * this first, and what needs a library with `await import(…)` after it.
 */
const WEB = fileURLToPath(new URL("../../src/ttrpg_assistant/web", import.meta.url));
const INDEX = readFileSync(`${WEB}/index.html`, "utf8");
const MAP = JSON.parse(/<script type="importmap">([\s\S]*?)<\/script>/.exec(INDEX)[1]).imports;

registerHooks({
  resolve: (name, context, next) => next(name in MAP ? pathToFileURL(WEB + MAP[name]).href : name, context),
});
