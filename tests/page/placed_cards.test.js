import assert from "node:assert/strict";
import test from "node:test";
import { drawnMessage, layOut, withChanges } from "../../src/ttrpg_assistant/web/app/models/shown_reply.js";
import { ReplyText } from "../../src/ttrpg_assistant/web/app/models/reply_text.js";
import { placeCards } from "../../src/ttrpg_assistant/web/app/models/placed_cards.js";
import { acceptAllWords } from "../../src/ttrpg_assistant/web/app/models/proposals.js";
import markdownIt from "../../src/ttrpg_assistant/web/vendor/markdown-it.esm.min.mjs";

const md = markdownIt({ html: false, breaks: true });
placeCards(md);

/** What is said of one block. @param {number} place */
const block = (place) => ({ place, cards: [{ kind: "npc", title: `New NPC: N${place}` }] });
const NPC = block(0);

/** @param {{ text: string, places: { at: number }[] }} drawn */
function render({ text, places }) {
  return md
    .render(text, { places: places.map(({ at }, name) => ({ at, name })) })
    .replace(/<div class="card-place card-place-(\d+)"><\/div>/g, "[$1]")
    .replaceAll("\n", "");
}

/** @param {...(string | object)} shown */
const draw = (...shown) => render(drawnMessage(/** @type {any} */ ({ role: "assistant", content: "", shown })));

test("a card comes after the sentence that introduces it, and what follows is a paragraph under it", () => {
  assert.equal(draw("Look:\n\n", NPC, "Shall I go on?"), "<p>Look:</p>[0]<p>Shall I go on?</p>");
  assert.equal(draw("Look:\n", NPC, "Shall I go on?"), "<p>Look:</p>[0]<p>Shall I go on?</p>");
  assert.equal(draw("Look:\n\n", NPC, "\n\n"), "<p>Look:</p>[0]");
  assert.equal(draw(NPC, NPC), "[0][1]");
  assert.equal(draw(NPC, "# Then\n", NPC), "[0]<h1>Then</h1>[1]");
});

test("a list that goes on after a card is one list, and the card is under its item", () => {
  assert.equal(
    draw("1. One:\n", NPC, "2. Two:\n", NPC, "3. Three.\n\nDone."),
    "<ol><li><p>One:</p>[0]</li><li><p>Two:</p>[1]</li><li><p>Three.</p></li></ol><p>Done.</p>",
  );
  assert.equal(draw("- One:\n\n", NPC, "\n- Two"), "<ul><li><p>One:</p>[0]</li><li><p>Two</p></li></ul>");
  assert.equal(draw("- One:\n", NPC, "    - deeper\n"), "<ul><li><p>One:</p>[0]<ul><li>deeper</li></ul></li></ul>");
  assert.equal(draw("- One:\n", NPC, "  and more of it"), "<ul><li><p>One:</p>[0]<p>and more of it</p></li></ul>");
  assert.equal(draw("- One:\n", NPC, "After all."), "<ul><li>One:</li></ul>[0]<p>After all.</p>");
});

test("a table keeps its rows together, and its card comes after it", () => {
  const table = draw("| a |\n|---|\n| 1 |\n", NPC, "| 2 |\n\nDone.");
  assert.match(table, /<td>1<\/td>.*<td>2<\/td>.*<\/table>\[0\]<p>Done\.<\/p>$/);
});

test("every block has one place, wherever it is and however its lines end", () => {
  const around = [
    "Text\n",
    "Text.\n\n",
    "- item\n",
    "1. item\n",
    "> quoted\n",
    "\n",
    "| a |\n|---|\n",
    "    code\n",
    "~~~\n",
    "Line\r\nnext\r\n",
    "  more\n",
  ];
  let seed = 7;
  const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 3000; round += 1) {
    let shown = /** @type {any[]} */ ([]);
    let count = 0;
    for (let part = 0; part < 8; part += 1) {
      shown = withChanges(shown, [around[Math.floor(chance() * around.length)]]);
      if (chance() < 0.4) shown.push(block((count += 1)));
    }
    const content = JSON.stringify(shown);
    const drawn = drawnMessage(/** @type {any} */ ({ role: "assistant", content: "", shown }));
    const names = [...render(drawn).matchAll(/\[(\d+)\]/g)].map((found) => Number(found[1]));
    assert.deepEqual(
      names,
      drawn.places.map((_, name) => name),
      content,
    );
    assert.doesNotMatch(
      render(drawn),
      /<(?:ul|ol|table|tbody|thead|tr)[^>]*>\[|<\/li>\[\d+\](?:\[\d+\])*<li>/,
      content,
    );
  }
});

test("while it is written the card has its room where it will be, and the text before it stays", () => {
  const changes = [
    ..."Look:\n\n",
    { place: 7, is_open: true },
    { place: 7, is_open: true, cards: [{ kind: "npc" }] },
    block(7),
    ..."And then:\n\n",
    block(90),
    "Done.",
  ];
  const whole = layOut(withChanges([], changes));
  const reply = new ReplyText("m", () => {});
  let before = "";
  for (const change of changes) {
    reply.add("x", [change]);
    const { text, places } = layOut(reply.parts);
    assert.ok(text.startsWith(before.trimEnd()), JSON.stringify([before, text]));
    places.forEach(({ at, place }, index) => {
      assert.deepEqual([at, place], [whole.places[index].at, whole.places[index].place]);
    });
    before = text;
  }
  assert.deepEqual(
    whole.places.map(({ outlines }) => outlines[0].title),
    ["N7", "N90"],
  );
});

test("kind and name of a card are known as soon as the server says them, and a later card is not taken for it", () => {
  const reply = new ReplyText("m", () => {});
  const outlines = () => layOut(reply.parts).places.map((place) => place.outlines);
  reply.add("x", [{ place: 0, is_open: true }]);
  assert.deepEqual(outlines(), [[{ sign: null, title: "", why: "", rows: [] }]]);
  reply.add("x", [{ place: 0, is_open: true, cards: [{ kind: "npc" }] }]);
  assert.equal(outlines()[0][0].sign.words, "NPC");
  const fields = { name: "Mira", world_state: ["fog", "rain"] };
  reply.add("x", [{ place: 0, cards: [{ kind: "npc", title: "New NPC: Mira", rationale: "Why", fields }] }]);
  assert.deepEqual(outlines()[0][0].rows, [
    ["Name", "Mira"],
    ["World state", "fog\nrain"],
  ]);
  assert.deepEqual([outlines()[0][0].title, outlines()[0][0].why], ["Mira", "Why"]);
});

test("the button for all of them says what it accepts", () => {
  const kinds = ["npc", "location", "npc", "house_rule", "something"];
  assert.equal(
    acceptAllWords(/** @type {any} */ (kinds.map((kind) => ({ kind })))),
    "Accept all 5: 2 NPCs, 1 location, 1 house rule, 1 suggestion",
  );
});
