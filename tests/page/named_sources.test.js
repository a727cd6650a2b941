import assert from "node:assert/strict";
import test from "node:test";
import markdownIt from "../../src/ttrpg_assistant/web/vendor/markdown-it.esm.min.mjs";
import { addressesOf, linksAsNames, readNamedSources } from "../../src/ttrpg_assistant/web/app/models/named_sources.js";

const md = markdownIt({ html: false });
md.validateLink = () => true;
readNamedSources(md);
const MIRA = { source_name: "Mira Vale", is_verified: true, entity_kind: "npc", entity_id: "n 1" };
const render = (/** @type {string} */ text, /** @type {any[]} */ citations) =>
  md.renderInline(text, { sources: citations && addressesOf(citations) });

test("a name that is a source leads to the thing, however it is spelled", () => {
  assert.equal(render("Ask [[mira  vale]].", [MIRA]), 'Ask <a href="ttrpg:npc/n%201">mira  vale</a>.');
  assert.equal(render("Ask [[Mira Vale|her]].", [MIRA]), 'Ask <a href="ttrpg:npc/n%201">Mira Vale</a>.');
});

test("a name that is none is shown without its brackets", () => {
  assert.equal(render("Ask [[Nobody]].", [MIRA]), "Ask Nobody.");
  assert.equal(render("Ask [[Mira Vale]].", [{ ...MIRA, is_verified: false }]), "Ask Mira Vale.");
});

test("markup in a name stays text", () => {
  assert.equal(render("[[<b>x</b>]]", []), "&lt;b&gt;x&lt;/b&gt;");
});

test("what is no name stays as it is", () => {
  for (const text of ["[[", "[[]]", "[[a\nb]]", "`[[Mira Vale]]`"]) {
    assert.ok(!render(text, [MIRA]).includes("<a "), text);
  }
  assert.equal(render("[x](https://example.org)", [MIRA]), '<a href="https://example.org">x</a>');
});

test("what a person writes keeps its brackets", () => {
  assert.equal(md.renderInline("[[Mira Vale]]", {}), "[[Mira Vale]]");
});

test("links of imported notes read as names", () => {
  assert.equal(
    linksAsNames("Ask [[People/Mira Vale|the smith]] or [[Tomas#Past]] at [[The Gull]]."),
    "Ask the smith or Tomas at The Gull.",
  );
  assert.equal(linksAsNames("![[mira.png]]\nSee ![[Rules]] and [[#Past]]."), "\nSee Rules and Past.");
  assert.equal(linksAsNames("[[]] [a](b) [[a"), "[[]] [a](b) [[a");
});
