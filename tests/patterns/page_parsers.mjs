/**
 * Looks for texts over which a parser of the page takes more than linear time.
 *
 * Reads `{ parsers: [{ name, attacks }], figures }` from stdin and writes
 * `[{ name, slow, attack, figures }]`, as `page_search.mjs` does for patterns. Without `parsers` it
 * writes the names of all.
 */
import { readFileSync } from "node:fs";
import markdownIt from "../../src/ttrpg_assistant/web/vendor/markdown-it.esm.min.mjs";
import { parseDice } from "../../src/ttrpg_assistant/web/app/models/dice.js";
import { fold } from "../../src/ttrpg_assistant/web/app/models/folding.js";
import { placesOf, termsOf } from "../../src/ttrpg_assistant/web/app/models/found_words.js";
import { readNamedSources } from "../../src/ttrpg_assistant/web/app/models/named_sources.js";
import { closeMarks } from "../../src/ttrpg_assistant/web/app/models/open_marks.js";
import { spokenLines } from "../../src/ttrpg_assistant/web/app/models/spoken_lines.js";
import { SseParser } from "../../src/ttrpg_assistant/web/app/models/sse_parser.js";
import { findSteep, figuresOf } from "./page_growth.mjs";

function* pieces(text, size) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

function readEvents(text) {
  const parser = new SseParser();
  for (const piece of pieces(text, 7)) parser.push(piece);
}

const md = markdownIt({ html: false, linkify: true, breaks: true });
readNamedSources(md);

const PARSERS = {
  "an event stream": readEvents,
  "spoken lines": spokenLines,
  "open marks": closeMarks,
  "dice": parseDice,
  "found words": (text) => placesOf(fold(text), termsOf('mira "old well" smug a')),
  "a query": termsOf,
  "Markdown": (text) => md.render(text, { sources: new Map() }),
};

const { parsers, figures } = JSON.parse(readFileSync(0, "utf8"));

function look({ name, attacks }) {
  const run = PARSERS[name];
  for (const attack of attacks) {
    const slow = findSteep(run, attack);
    if (slow) return { name, slow, attack };
  }
  return { name, slow: "", figures: figures ? figuresOf(run, attacks) : null };
}

process.stdout.write(JSON.stringify(parsers ? parsers.map(look) : Object.keys(PARSERS)));
