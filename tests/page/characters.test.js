import assert from "node:assert/strict";
import test from "node:test";
import "./import_map.js";

const { cutText, firstCharacter } = await import("../../src/ttrpg_assistant/web/app/models/characters.js");
const { directionOf } = await import("../../src/ttrpg_assistant/web/app/models/direction.js");
const { keyOf } = await import("../../src/ttrpg_assistant/web/app/keys.js");
const { html } = await import("../../src/ttrpg_assistant/web/app/html.js");

const WHOLE = ["👩‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "é", "ก็", "한", "क्ष", "👍🏽", "\r\n", "𝔐"];

test("a cut never leaves a part of a character, wherever it falls", () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const one of WHOLE) {
    const text = `a${one.repeat(40)}b`;
    const ends = new Set([...segmenter.segment(text)].map(({ index, segment }) => index + segment.length));
    for (let most = 1; most < text.length; most += 1) {
      const kept = cutText(text, most);
      assert.ok(text.startsWith(kept) && kept.length <= most, `${one} at ${most}`);
      assert.ok(ends.has(kept.length), `${JSON.stringify(kept.slice(-12))} of ${one} at ${most}`);
    }
    assert.equal(cutText(text, text.length), text);
  }
});

test("a heap of marks without an end is cut between its marks, and at once", () => {
  const heap = `a${"\u0301".repeat(200_000)}`;
  assert.equal(cutText(heap, 1000).length, 1000);
  assert.ok(!cutText(`${"x".repeat(99)}😀`, 100).includes("\ud83d"));
});

test("the first character is a whole one", () => {
  for (const one of WHOLE) assert.equal(firstCharacter(`${one}x`), one);
  assert.equal(firstCharacter(""), "");
});

test("the first letter says from which side a text is written", () => {
  for (const text of ["مرحبا", "… (שלום)", "3. ܫܠܡܐ Mira", "𞤀𞤣"]) assert.equal(directionOf(text), "rtl");
  for (const text of ["Mira مرحبا", "磨坊", "", "123 — !", "ქართული"]) assert.equal(directionOf(text), "ltr");
});

test("a key that belongs to an input method has no name, in either order of events", () => {
  assert.equal(keyOf({ key: "Enter", isComposing: false, keyCode: 13 }), "Enter");
  assert.equal(keyOf({ key: "Enter", isComposing: true, keyCode: 13 }), "");
  assert.equal(keyOf({ key: "Enter", isComposing: false, keyCode: 229 }), "");
  assert.equal(keyOf({ key: "Escape", isComposing: true, keyCode: 27 }), "");
});

test("whatever holds words takes its direction from them; what holds none, or has one, is left alone", () => {
  const dirOf = (drawn) => drawn.props.dir;
  const name = "مرحبا";
  assert.equal(dirOf(html`<p>${name}</p>`), "auto");
  assert.equal(dirOf(html`<li><b>x</b> ${[name]}</li>`), "auto");
  assert.equal(dirOf(html`<textarea value=${name}></textarea>`), "auto");
  assert.equal(dirOf(html`<input type="text" />`), "auto");
  assert.equal(dirOf(html`<input type="search" />`), "auto");
  assert.equal(dirOf(html`<input type="number" />`), undefined);
  assert.equal(dirOf(html`<div> <b>${name}</b> </div>`), undefined);
  assert.equal(dirOf(html`<code>${name}</code>`), undefined);
  assert.equal(dirOf(html`<p dir="ltr">${name}</p>`), "ltr");
});
