import assert from "node:assert/strict";
import { test } from "node:test";
import { closeMarks } from "../../src/ttrpg_assistant/web/app/models/open_marks.js";

test("what is open while a text grows is closed for the drawing", () => {
  for (const [text, shown] of [
    ["The **ferry", "The **ferry**"],
    ["The **ferry ", "The **ferry**"],
    ["The *old ferry", "The *old ferry*"],
    ["The ***old", "The ***old***"],
    ["The **very *old", "The **very *old***"],
    ["_Mira_ and _Tom", "_Mira_ and _Tom_"],
    ["Call `roll(2", "Call `roll(2`"],
    ["Call ``a ` b", "Call ``a ` b``"],
    ["- one\n- **two", "- one\n- **two**"],
    ["**Name:** a\n**Role", "**Name:** a\n**Role**"],
    ["(*quietly", "(*quietly*"],
    ["The **ferry*", "The **ferry**"],
  ]) {
    assert.equal(closeMarks(text), shown, text);
  }
});

test("a mark that nothing follows yet is not drawn", () => {
  for (const [text, shown] of [
    ["The **", "The"],
    ["The *", "The"],
    ["The `", "The"],
    ["*", ""],
    ["one\n\n**", "one\n"],
  ]) {
    assert.equal(closeMarks(text), shown, text);
  }
});

test("what is whole, what is no mark, and code stay as they are", () => {
  for (const text of [
    "The **ferry** is *old*.",
    "The **ferry**",
    "5 * 3 and 2*3 and snake_case_name",
    "- one\n- two",
    "* one",
    "\\*not this",
    "`a * b` and `c *d`",
    "```js\nlet a = '*x",
    `*${"word ".repeat(200)}`,
    "",
    "plain words",
  ]) {
    assert.equal(closeMarks(text), text, text);
  }
});

test("at every step of a text no mark is left over, and it ends as it is", () => {
  const whole = "**Mira** says *softly*: `d20`, then ***leaves*** the __hall__.";
  for (let end = 1; end <= whole.length; end += 1) {
    const shown = closeMarks(whole.slice(0, end));
    for (const mark of ["*", "_", "`"]) assert.equal(shown.split(mark).length % 2, 1, shown);
  }
  assert.equal(closeMarks(whole), whole);
});
