import assert from "node:assert/strict";
import test from "node:test";
import { rollWords, tableRollWords } from "../../src/ttrpg_assistant/web/app/models/table_rolls.js";

test("a roll on a table is one line with its dice, its number and what came of it", () => {
  const rolls = [
    { table: "Rumours", dice: "d6", total: 4, text: "[[2d6]] wolves" },
    { table: "", dice: "2d6", total: 7, text: "" },
  ];
  assert.deepEqual(rolls.map(rollWords), ["Rumours d6: 4", "2d6: 7"]);
  assert.equal(tableRollWords({ text: "7 wolves", rolls }), "Rumours d6: 4 = 7 wolves");
});
