import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const APP = fileURLToPath(new URL("../../src/ttrpg_assistant/web/app", import.meta.url));
const AREAS = readdirSync(join(APP, "words/en")).sort();
const MODULES = readdirSync(APP, { recursive: true })
  .filter((name) => name.endsWith(".js") && !name.startsWith("words"))
  .map((name) => readFileSync(join(APP, name), "utf8"));

/** The one thing a file of words exports. @param {string} language @param {string} file */
async function read(language, file) {
  const exported = Object.entries(await import(pathToFileURL(join(APP, "words", language, file)).href));
  assert.equal(exported.length, 1, `${language}/${file} exports one object`);
  return { name: exported[0][0], words: exported[0][1] };
}

/** Every text with the path of its keys. @param {any} words @param {string} path @returns {[string, string | Function][]} */
function flatten(words, path = "") {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" ? flatten(value, `${path}${key}.`) : [[path + key, value]],
  );
}

/** `thread_tabs.js` exports `threadTabs`. @param {string} file */
const nameOf = (file) => file.slice(0, -3).replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

test("a file of words exports plain texts, and functions that make them, under its own name", async () => {
  for (const file of AREAS) {
    const { name, words } = await read("en", file);
    assert.equal(name, nameOf(file), file);
    for (const [key, value] of flatten(words)) {
      assert.match(typeof value, /^(?:string|function)$/, `${file}: ${key}`);
      const made = typeof value === "function" ? value(...Array.from({ length: value.length }, () => 2)) : value;
      for (const text of Array.isArray(made) ? made : [made]) {
        assert.equal(typeof text, "string", `${file}: ${key}`);
        assert.ok(text.trim() === text && text !== "", `${file}: ${key} has blanks around it, or nothing in it`);
        assert.doesNotMatch(text, /<\/?[a-z]|undefined|NaN|\[object/, `${file}: ${key}`);
      }
    }
  }
});

test("every text is used", () => {
  const unused = [];
  for (const file of AREAS) {
    const users = MODULES.filter((text) => text.includes(`words/en/${file}"`));
    const text = readFileSync(join(APP, "words/en", file), "utf8");
    for (const [, key] of text.matchAll(/^ {2}(\w+):/gm)) {
      if (!users.some((user) => new RegExp(`\\.${key}\\b`).test(user))) unused.push(`${file}: ${key}`);
    }
  }
  assert.deepEqual(unused, []);
});

test("another language has the same files, keys and values as English", async () => {
  for (const language of readdirSync(join(APP, "words"))) {
    assert.deepEqual(readdirSync(join(APP, "words", language)).sort(), AREAS, language);
    for (const file of AREAS) {
      const shape = async (/** @type {string} */ of) =>
        flatten((await read(of, file)).words).map(([key, value]) => [
          key,
          typeof value === "function" ? value.length : 0,
        ]);
      assert.deepEqual(await shape(language), await shape("en"), `${language}/${file}`);
    }
  }
});

/** What docs/words.md says under "not": another name stands for each of them. */
const OTHER_NAMES =
  /(?<!good )\bevenings?\b|\bproposals?\b|\bdeeds?\b|\bpersonas?\b|\bthe desk\b|\bput(?:s|ting)? away\b|\btaken? (?:in|out|up|away)\b|\bat hand\b|\banew\b|\bcalled off\b|\bgo in\b|\blet go\b|\ball talk\b|\btalk of\b|\bfalls? silent\b|\bgathers?\b/i;

test("a text calls a thing by the name that docs/words.md gives it", async () => {
  for (const file of AREAS) {
    for (const [key, value] of flatten((await read("en", file)).words)) {
      const made = typeof value === "function" ? value(...Array.from({ length: value.length }, () => 2)) : value;
      for (const text of Array.isArray(made) ? made : [made]) assert.doesNotMatch(text, OTHER_NAMES, `${file}: ${key}`);
    }
  }
});
