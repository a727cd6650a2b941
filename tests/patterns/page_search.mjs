/**
 * Looks for texts over which a pattern of the page takes more than linear time.
 *
 * Reads `{ patterns: [{ name, source, flags, attacks }], figures }` from stdin and writes
 * `[{ name, slow, attack, figures }]`.
 */
import { readFileSync } from "node:fs";
import { figuresOf, findSteep } from "./page_growth.mjs";

const { patterns, figures } = JSON.parse(readFileSync(0, "utf8"));

function runnerOf({ source, flags }) {
  const pattern = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  return (text) => {
    let count = 0;
    for (const _ of text.matchAll(pattern)) count += 1;
    return count;
  };
}

const found = patterns.map((one) => {
  const run = runnerOf(one);
  for (const attack of one.attacks) {
    const slow = findSteep(run, attack);
    if (slow) return { name: one.name, slow, attack };
  }
  return { name: one.name, slow: "", figures: figures ? figuresOf(run, one.attacks) : null };
});
process.stdout.write(JSON.stringify(found));
