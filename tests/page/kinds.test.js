import assert from "node:assert/strict";
import { test } from "node:test";
import { cardAudience, cardChoices, cardLine } from "../../src/ttrpg_assistant/web/app/models/card_words.js";
import {
  countFilters,
  filterFields,
  listQuery,
  NO_FILTERS,
  valuesSaid,
} from "../../src/ttrpg_assistant/web/app/models/list_filters.js";
import { acceptAllWords, fieldOf, kindSign } from "../../src/ttrpg_assistant/web/app/models/proposals.js";
import { thingLink, thingWord } from "../../src/ttrpg_assistant/web/app/models/search_words.js";
import {
  apiOf,
  apiOfAll,
  INSIDE,
  isSecret,
  KINDS,
  nameOf,
  pathOf,
  THINGS,
} from "../../src/ttrpg_assistant/web/app/state/campaign/campaign_kinds.js";

test("every kind has what forms, lists and cards need, and its shapes are known", () => {
  const shapes = new Set(
    "name line prose names lines secrets connections object reference related known_to choice flag message".split(" "),
  );
  for (const kind of Object.values(KINDS)) {
    assert.ok(
      kind.fields.some(({ name }) => name === kind.named),
      kind.name,
    );
    assert.ok(kind.newTitle.endsWith(kind.noun) && kind.titles && kind.emptyList && kind.firstOfAll, kind.name);
    for (const field of kind.fields) {
      assert.ok(shapes.has(field.as), `${kind.name}.${field.name}: ${field.as}`);
      assert.equal(field.as === "choice", field.options !== undefined, field.name);
      if (field.as === "reference") assert.ok(KINDS[/** @type {string} */ (field.pointsTo)], field.name);
      for (const offered of field.offers ?? []) assert.ok(KINDS[offered], field.name);
    }
  }
  assert.equal(KINDS.constructor, undefined);
});

test("what a kind is called is made of its noun and its plural", () => {
  const said = (/** @type {string} */ name) => {
    const { title, newTitle, searchTitle, unnamed } = KINDS[name];
    return [title, newTitle, searchTitle, unnamed];
  };
  assert.deepEqual(said("npc"), ["NPC", "New NPC", "Search NPCs", "Unnamed NPC"]);
  assert.deepEqual(said("plot_point"), ["Plot point", "New plot point", "Search plot points", "Untitled plot point"]);
  assert.deepEqual(said("random_table"), [
    "Random table",
    "New random table",
    "Search random tables",
    "Unnamed random table",
  ]);
  assert.equal(nameOf(KINDS.faction, { name: "" }), "Unnamed faction");
});

test("a thing has one address on the page and one on the server", () => {
  const thing = { id: "t", campaign_id: "c" };
  assert.equal(pathOf(KINDS.npc, thing), "/npcs/t");
  assert.equal(apiOf(KINDS.npc, thing), "/api/npcs/t");
  assert.equal(pathOf(KINDS.random_table, thing), "/campaigns/c?part=random_tables&show=t");
  assert.equal(apiOf(KINDS.random_table, thing), "/api/campaigns/c/things/random_table/t");
  assert.equal(apiOfAll(KINDS.npc, "c"), "/api/campaigns/c/things/npc");
  assert.equal(apiOfAll(KINDS.game_session, "c"), "/api/campaigns/c/game-sessions");
  for (const kind of THINGS) assert.equal(thingLink({ kind: kind.name, ...thing }), pathOf(kind, thing));
  assert.equal(thingLink({ kind: "note", ...thing }), "/campaigns/c");
  assert.deepEqual(["faction", "fact", "elsewhere"].map(thingWord), ["Faction", "Fact", "elsewhere"]);
  assert.equal(INSIDE.at(-1)?.name, "game_session");
});

test("a list is asked for with what narrows its kind, and nothing else", () => {
  const wanted = { search: "a&b", archived: true, limit: 60 };
  const filters = { sort: "used", tag: "old", values: { audience: "some", hull: "iron" } };
  const asked = new URLSearchParams(listQuery(KINDS.faction, { ...wanted, filters }));
  assert.deepEqual(Object.fromEntries(asked), {
    limit: "60",
    archived: "all",
    search: "a&b",
    sort: "used",
    tag: "old",
    audience: "some",
  });
  const sessions = new URLSearchParams(listQuery(KINDS.game_session, { ...wanted, filters }));
  assert.deepEqual([...sessions.keys()], ["limit", "archived", "search"]);
  assert.equal(countFilters(NO_FILTERS), 0);
  assert.equal(countFilters(filters), 3);
  assert.deepEqual(
    filterFields(KINDS.plot_point).map(({ name }) => name),
    ["status", "is_open", "audience", "game_session_id"],
  );
  assert.deepEqual(valuesSaid([{ tags: ["b", "a"] }, { tags: ["a"] }, {}], "tags", "c"), ["a", "b", "c"]);
});

test("a card says in one line what a thing is, with a label where the value alone would be a riddle", () => {
  const faction = { name: "The Watch", type: "Guild", attitude: "hostile", description: "Keeps order.\nMore." };
  assert.equal(cardLine(KINDS.faction, faction), "Guild · Attitude to the party: hostile · Keeps order.");
  const npc = { role: "smuggler", status: "missing", personality: "Wry." };
  assert.equal(cardLine(KINDS.npc, npc), "smuggler · Status: missing");
  assert.equal(cardLine(KINDS.npc, { ...npc, role: "", status: "" }), "Wry.");
  assert.deepEqual(cardChoices(KINDS.plot_point, { status: "prepped", audience: "gm" }), [
    { value: "prepped", words: "Prepared" },
  ]);
  assert.deepEqual(cardChoices(KINDS.npc, { canon: "idea" }), [{ value: "idea", words: "Idea" }]);
  assert.deepEqual(cardChoices(KINDS.npc, { canon: "happened" }), [], "what counts needs no mark");
  assert.equal(cardAudience(KINDS.item, { audience: "party" }), "The party");
  assert.equal(cardAudience(KINDS.item, { audience: "gm" }), "");
  assert.equal(cardAudience(KINDS.item, { audience: "public" }), "");
  assert.equal(cardAudience(KINDS.npc, { audience: "name" }), "", "others hear the name of most");
  assert.equal(cardAudience(KINDS.npc, { audience: "public" }), "Everyone");
  assert.ok(isSecret(KINDS.item, { audience: "gm" }) && !isSecret(KINDS.npc, { audience: "name" }));
});

test("a suggestion of any kind has its sign, its labels and its words", () => {
  assert.deepEqual(kindSign({ kind: "faction" }), { words: "Faction", icon: "flag" });
  assert.deepEqual(kindSign({ kind: "npc_trait" }), { words: "NPC trait", icon: "user" });
  assert.equal(kindSign({ kind: "unheard" }).icon, "sparkles");
  assert.equal(fieldOf("faction", "attitude").label, "Attitude to the party");
  const several = /** @type {any[]} */ ([{ kind: "item" }, { kind: "random_table" }, { kind: "item" }]);
  assert.equal(acceptAllWords(several), "Accept all 3: 2 items, 1 random table");
});
