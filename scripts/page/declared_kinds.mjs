/**
 * Lets Node find the kinds of things as the page's server answers them: `node --import` this before
 * the page's units. PAGE_KINDS is a file with the module, written by who starts Node; without it, Python is asked.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const ASK = "from ttrpg_assistant.api.declared_kinds import spell_module; print(spell_module())";

function findModule() {
  const file = process.env.PAGE_KINDS;
  return file ? readFileSync(file, "utf8") : execFileSync("python", ["-c", ASK], { encoding: "utf8" });
}

registerHooks({
  load: (url, context, next) =>
    url.endsWith("/app/declared_kinds.js")
      ? { format: "module", source: findModule(), shortCircuit: true }
      : next(url, context),
});
