/**
 * Fails when a module of the page holds texts for people; they belong into `web/app/words/en/`. File, line and text are printed.
 */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findTexts } from "./find_texts.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const wrong = findTexts(ROOT);
for (const { file, line, text } of wrong) console.log(`src/ttrpg_assistant/web/app/${file}:${line}: ${text}`);
if (wrong.length > 0) console.log("Texts belong into src/ttrpg_assistant/web/app/words/en/ (CONTRIBUTING.md, Texts of the page).");
process.exitCode = wrong.length > 0 ? 1 : 0;
