import assert from "node:assert/strict";
import test from "node:test";
import { placesOf, termsOf } from "../../src/ttrpg_assistant/web/app/models/found_words.js";

const found = (text, query) => placesOf(text, termsOf(query)).map(([start, end]) => text.slice(start, end));

test("whole words are found, whatever their case and accents", () => {
  assert.deepEqual(found("Élan and elan, ELAN's not elands", "elan"), ["Élan", "elan", "ELAN"]);
});

test("a beginning finds the words that go on from it", () => {
  assert.deepEqual(found("smugglers smuggle; smug", "smugg*"), ["smugglers", "smuggle"]);
});

test("a phrase is one place, over what stands between its words", () => {
  assert.deepEqual(found("the old -- gate, an old opener", '"old gate"'), ["old -- gate"]);
});

test("what is left out is not marked, and a query of signs marks nothing", () => {
  assert.deepEqual(found("gate and goblin", "gate -goblin"), ["gate"]);
  assert.deepEqual(found("gate - gate", '- * "'), []);
});

test("words are found in scripts without spaces and in joined or decorated letters", () => {
  assert.deepEqual(found("黑门后面睡着红龙。", "红龙"), ["红龙"]);
  assert.deepEqual(found("มังกรแดงหลับ", "แดง"), ["แดง"]);
  assert.deepEqual(found("ﾄﾞﾗｺﾞﾝが来た", "ドラゴン"), ["ﾄﾞﾗｺﾞﾝ"]);
  assert.deepEqual(found("Ｄｒａｇｏｎ ﬁre, Straße, soft\u00adhyphen", "dragon fire strasse softhyphen"), [
    "Ｄｒａｇｏｎ",
    "ﬁre",
    "Straße",
    "soft\u00adhyphen",
  ]);
  assert.deepEqual(found("чёрт и бой, عَرَب", "черт عرب"), ["чёрт", "عَرَب"]);
  assert.deepEqual(found("бой", "бои"), []);
});

test("other forms that the server names are marked too", () => {
  const text = "Two dragons and a half-elf";
  const places = placesOf(text, termsOf("dragon halfelf", [["dragons"], ["half", "elf"]]));
  assert.deepEqual(
    places.map(([start, end]) => text.slice(start, end)),
    ["dragons", "half-elf"],
  );
});
