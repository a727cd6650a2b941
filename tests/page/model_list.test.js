import assert from "node:assert/strict";
import test from "node:test";
import {
  BIG_LIST,
  findChoice,
  findModels,
  MOST_SHOWN,
  nameIn,
} from "../../src/ttrpg_assistant/web/app/models/model_list.js";

const model = (provider, name, more = {}) => ({ choice: `${provider}:${name}`, name, recommended: false, ...more });
const provider = (name, label, models) => ({ name, label, models, needs_key: true, has_key: true });
const MAKERS = ["anthropic", "mistralai", "qwen"];
const MANY = Array.from({ length: 300 }, (_, at) => model("openrouter", `${MAKERS[at % 3]}/model-${at}`));
const LIST = {
  current: "offline",
  providers: [
    provider("offline", "Built in", []),
    provider("openai", "OpenAI", [model("openai", "small"), model("openai", "large", { recommended: true })]),
    provider("openrouter", "OpenRouter", [...MANY, model("openrouter", "qwen/best", { recommended: true })]),
  ],
};
const titles = ({ groups }) => groups.map(({ title }) => title);

test("recommended models come first, and a big list is divided by makers", () => {
  const found = findModels(LIST, "");
  assert.deepEqual(titles(found).slice(0, 5), [
    "In use",
    "OpenAI",
    "OpenRouter · recommended",
    "OpenRouter · anthropic",
    "OpenRouter · mistralai",
  ]);
  assert.deepEqual(
    found.groups[1].models.map(({ name }) => name),
    ["large", "small"],
  );
});

test("a short list is not divided, and every model is in one group only", () => {
  const short = { current: MANY[3].choice, providers: [provider("openrouter", "OpenRouter", MANY.slice(0, BIG_LIST))] };
  const { groups } = findModels(short, "");
  assert.deepEqual(
    groups.map(({ title }) => title),
    ["In use", "OpenRouter"],
  );
  assert.equal(new Set(groups.flatMap(({ models }) => models)).size, BIG_LIST);
});

test("the model that answers now stands first, wherever it is in the list, and only there", () => {
  const choice = MANY.at(-1).choice;
  const { groups } = findModels({ ...LIST, current: choice }, "");
  assert.equal(groups[0].models[0].choice, choice);
  assert.equal(groups.flatMap(({ models }) => models).filter((each) => each.choice === choice).length, 1);
});

test("words find models in any order, by provider, maker or name", () => {
  assert.deepEqual(
    findModels(LIST, "best qwen").groups.flatMap(({ models }) => models.map(({ name }) => name)),
    ["qwen/best"],
  );
  assert.deepEqual(titles(findModels(LIST, "openai LARGE")), ["OpenAI"]);
  assert.deepEqual(titles(findModels(LIST, "built-in")), ["Always available"]);
  assert.deepEqual(findModels(LIST, "nothing like it").groups, []);
});

test("never more are drawn than can be drawn at once, and the rest is counted", () => {
  const { groups, left } = findModels(LIST, "");
  const shown = groups.reduce((sum, { models }) => sum + models.length, 0);
  assert.equal(shown, MOST_SHOWN);
  assert.equal(shown + left, 300 + 1 + 2 + 1);
});

test("a maker is not repeated on every line of its own group", () => {
  const [group] = findModels(LIST, "qwen model-2").groups;
  assert.equal(nameIn(group.models[0], group), "model-2");
});

test("a model that no provider lists is still the one that was chosen", () => {
  assert.equal(findChoice(LIST, "openai:hidden").model.name, "hidden");
  assert.equal(findChoice(LIST, "openai:large").model.recommended, true);
  assert.equal(findChoice(LIST, "offline").model.name, "Built-in model");
  assert.equal(findChoice(null, "offline"), null);
});
