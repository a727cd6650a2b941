import { models as modelsWords } from "../words/en/models.js";

/**
 * The models of all providers as they are chosen from: found by words, in groups, the recommended
 * ones first.
 *
 * @typedef {import("../types.js").ModelOffer} ModelOffer
 * @typedef {import("../types.js").ModelList} ModelList
 * @typedef {import("../types.js").Provider} Provider
 *
 * @typedef {object} Group
 * @property {string} key
 * @property {string} title
 * @property {ModelOffer[]} models
 */

/** A provider with more models than this is divided by the makers of the models. */
export const BIG_LIST = 30;

/** So many models are drawn at once; typing a letter more brings the rest into reach. */
export const MOST_SHOWN = 150;

/** @type {ModelOffer} The one that is always there. */
const BUILT_IN = {
  choice: "offline",
  name: modelsWords.builtIn,
  context_tokens: null,
  context_source: null,
  recommended: false,
};

/**
 * @param {ModelList} list
 * @param {string} query
 * @returns {{ groups: Group[], left: number }} `left` is how many more were found than are shown
 */
export function findModels(list, query) {
  const words = query
    .toLowerCase()
    .split(/[\s/:]+/)
    .filter(Boolean);
  const now = words.length === 0 ? (findChoice(list, list.current)?.model ?? null) : null;
  const groups = list.providers.flatMap((provider) => groupsOf(provider, words, now?.choice));
  groups.sort((a, b) => Number(a.key === "offline") - Number(b.key === "offline"));
  if (now) groups.unshift({ key: "current", title: modelsWords.inUse, models: [now] });
  let room = MOST_SHOWN;
  let left = 0;
  for (const group of groups) {
    left += Math.max(0, group.models.length - room);
    group.models = group.models.slice(0, room);
    room -= group.models.length;
  }
  return { groups: groups.filter(({ models }) => models.length > 0), left };
}

/** @param {Provider} provider @param {string[]} words @param {string} [without] a choice that is shown elsewhere @returns {Group[]} */
function groupsOf(provider, words, without) {
  const { name, label } = provider;
  const offered = name === "offline" ? [BUILT_IN] : provider.models;
  const found = offered
    .filter((model) => model.choice !== without && isFound(`${label} ${model.name} ${model.choice}`, words))
    .sort(recommendedFirst);
  if (provider.models.length <= BIG_LIST)
    return [{ key: name, title: name === "offline" ? modelsWords.always : label, models: found }];
  const best = found.filter(({ recommended }) => recommended);
  const makers = /** @type {Map<string, ModelOffer[]>} */ (new Map());
  for (const model of found) {
    if (model.recommended) continue;
    const maker = makerOf(model);
    makers.set(maker, [...(makers.get(maker) ?? []), model]);
  }
  const rest = [...makers]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([maker, models]) => ({
      key: `${name}/${maker}`,
      title: maker ? `${label} · ${maker}` : label,
      models,
    }));
  return [{ key: `${name}*`, title: modelsWords.recommendedOf(label), models: best }, ...rest];
}

/** @param {string} text @param {string[]} words */
function isFound(text, words) {
  const all = text.toLowerCase();
  return words.every((word) => all.includes(word));
}

/** @param {ModelOffer} a @param {ModelOffer} b */
function recommendedFirst(a, b) {
  return (
    Number(b.recommended ?? false) - Number(a.recommended ?? false) ||
    a.name.localeCompare(b.name, "en", { numeric: true })
  );
}

/** Who made a model, where its name says so: "mistralai/mistral-small". @param {ModelOffer} model */
function makerOf({ name }) {
  const at = name.indexOf("/");
  return at > 0 ? name.slice(0, at).replace(/^[~@]/, "") : "";
}

/** The name of a model within its group. @param {ModelOffer} model @param {Group} group */
export function nameIn(model, group) {
  const maker = makerOf(model);
  return maker && group.key.endsWith(`/${maker}`) ? model.name.slice(model.name.indexOf("/") + 1) : model.name;
}

/**
 * Where a model that is on no list could be asked for by its name: a group of its own at the end.
 * @param {ModelList} list @param {string} query @param {Group[]} groups what was found
 * @returns {Group | null}
 */
export function unlisted(list, query, groups) {
  const name = query.trim();
  if (name.length < 2 || /\s/.test(name)) return null;
  if (groups.some(({ models }) => models.some((model) => model.name === name || model.choice === name))) return null;
  const usable = list.providers.filter((each) => each.name !== "offline" && (each.has_key || !each.needs_key));
  if (usable.length === 0) return null;
  const models = usable.map((each) => ({ choice: `${each.name}:${name}`, name: `${name} · ${each.label}` }));
  return { key: "unlisted", title: modelsWords.notListed, models };
}

/** @param {ModelList | null} list @param {string | null} choice @returns {{ model: ModelOffer, provider: Provider | null } | null} */
export function findChoice(list, choice) {
  if (!list || choice === null) return null;
  const name = choice.split(":")[0];
  const provider = list.providers.find((each) => each.name === name) ?? null;
  if (name === "offline") return { model: BUILT_IN, provider };
  const listed = provider?.models.find((each) => each.choice === choice);
  return { model: listed ?? { choice, name: modelName(choice) }, provider };
}

/** What a model is called on the page. @param {string} choice */
export function modelName(choice) {
  return choice.split(":")[0] === "offline" ? modelsWords.builtInLower : choice.replace(/^[^:]+:/, "");
}
