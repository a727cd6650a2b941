/**
 * Fails when a module of the page holds texts for people; they belong into `web/app/words/en/`.
 *
 * `node scripts/page/check_texts.mjs` prints file, line and text. With `--list` it prints those of
 * the modules that wait to be converted as well.
 */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findTexts } from "./find_texts.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Modules whose texts have not been moved yet. It only gets shorter: one without texts is an error. */
const WAITING = new Set(
  `
`
    .split("\n")
    .filter(Boolean),
);

const found = findTexts(ROOT);
const listed = process.argv.includes("--list");
const wrong = found.filter(({ file }) => listed || !WAITING.has(file));
for (const { file, line, text } of wrong) console.log(`src/ttrpg_assistant/web/app/${file}:${line}: ${text}`);
const held = new Set(found.map(({ file }) => file));
const done = [...WAITING].filter((file) => !held.has(file));
for (const file of done) console.log(`${file} has no texts any more: take it off the list in scripts/page/check_texts.mjs.`);
if (wrong.length > 0) console.log("Texts belong into src/ttrpg_assistant/web/app/words/en/ (CONTRIBUTING.md, Texts of the page).");
process.exitCode = wrong.length + done.length > 0 ? 1 : 0;
