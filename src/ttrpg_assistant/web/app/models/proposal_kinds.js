/**
 * Whether a value read from a block is a proposal or a citation: it must name a kind we know
 * and bring something. Twin of `suggestions/kinds.py`; a test compares the tables.
 */

import { SPACES, strip } from "./strip.js";

/** @typedef {import('./lenient_json.js').Value} Value */
/** @typedef {Map<string, Value>} Entry */

/** What models write, in `snake_case`, for each kind. @type {Record<string, string>} */
export const KIND_WORDS = {
  campaign: "campaign_field",
  campaign_field: "campaign_field",
  campaign_setting: "campaign_field",
  world: "campaign_field",
  world_state: "campaign_field",
  npc: "npc",
  npcs: "npc",
  new_npc: "npc",
  create_npc: "npc",
  character: "npc",
  npc_trait: "npc_trait",
  npc_traits: "npc_trait",
  npc_field: "npc_trait",
  npc_update: "npc_trait",
  trait: "npc_trait",
  location: "location",
  locations: "location",
  new_location: "location",
  create_location: "location",
  place: "location",
  plot: "plot_point",
  plot_point: "plot_point",
  plot_points: "plot_point",
  new_plot_point: "plot_point",
  create_plot_point: "plot_point",
  plot_hook: "plot_point",
  quest: "plot_point",
  session_plan: "session_plan",
  session: "session_plan",
  game_session: "session_plan",
  plan: "session_plan",
  house_rule: "house_rule",
  house_rules: "house_rule",
  rule: "house_rule",
};

/** Fields that speak of the campaign when they stand alone. */
export const CAMPAIGN_WORDS = ["name", "system", "setting", "description", "genre", "tone", "theme", "themes"];
export const SOURCE_WORDS = ["source_name", "source"];
/** Keys that are about the proposal and not part of it. */
export const CONTROL_KEYS = [
  "kind",
  "type",
  "rationale",
  "reason",
  "why",
  "reasoning",
  "target",
  "target_name",
  "entity",
  "field",
  "value",
  "fields",
  "id",
  "suggestion_id",
  "confidence",
  "mode",
  "action",
];
/** Keys whose value is the real thing, when nothing else says what the object is. */
export const WRAPPERS = ["suggestion", "suggestions", "citation", "citations"];

const KINDS = new Map(Object.entries(KIND_WORDS));

/** `plotPoint`, `Plot Point` and `plot-point` are all `plot_point`. @param {string} word */
export function snake(word) {
  return strip(word.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[^A-Za-z0-9]+/g, "_"), "_").toLowerCase();
}

/** @param {Map<string, Value>} item @returns {Entry} the object with its keys in `snake_case` */
export function keyed(item) {
  /** @type {Entry} */
  const found = new Map();
  for (const [key, value] of item) {
    const name = snake(key);
    if (!found.has(name)) found.set(name, value);
  }
  return found;
}

/** @param {Value | undefined} value */
function isUsable(value) {
  if (value === undefined || value === null) return false;
  if (typeof value === "string") return strip(value, SPACES) !== "";
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return true;
}

/**
 * The first of the keys that holds a text with something in it.
 * @param {Entry} entry
 * @param {string[]} keys
 * @returns {string | null}
 */
function findWord(entry, keys) {
  for (const key of keys) {
    const value = entry.get(key);
    if (value === undefined || value === null || typeof value === "boolean") continue;
    if (Array.isArray(value) || value instanceof Map) continue;
    const text = typeof value === "string" ? value : value.lexeme;
    if (strip(text)) return strip(text);
  }
  return null;
}

/** @param {string} field @returns {string | null} */
function kindOfField(field) {
  const head = snake(field.split(".", 1)[0]);
  const kind = KINDS.get(head);
  if (kind !== undefined) return kind;
  return CAMPAIGN_WORDS.includes(head) && !field.includes(".") ? "campaign_field" : null;
}

/** @param {Entry} entry @returns {string | null} the kind it names, if we know it */
function kindOf(entry) {
  const said = findWord(entry, ["kind", "type"]);
  if (said !== null) {
    const kind = KINDS.get(snake(said));
    if (kind !== undefined) return kind;
    if (snake(said) !== "suggestion" && snake(said) !== "proposal") return null;
  }
  const field = findWord(entry, ["field"]);
  return field === null ? null : kindOfField(field);
}

/** Which kind of thing it speaks of, by what it says itself. @param {Entry} entry */
export function targetKindOf(entry) {
  const kind = kindOf(entry) ?? "";
  return (
    { campaign_field: "campaign", house_rule: "campaign", npc_trait: "npc", session_plan: "game_session" }[kind] ?? kind
  );
}

/** @param {Entry} entry */
function hasContent(entry) {
  if (isUsable(entry.get("value")) || isUsable(entry.get("fields"))) return true;
  for (const [key, value] of entry) {
    if (!CONTROL_KEYS.includes(key) && isUsable(value)) return true;
  }
  return false;
}

/** @param {Value} item */
export function isCitation(item) {
  if (!(item instanceof Map)) return false;
  const entry = keyed(item);
  if (findWord(entry, SOURCE_WORDS) === null || kindOf(entry) !== null) return false;
  return !["field", "fields", "value"].some((key) => entry.has(key));
}

/** @param {Value} item */
export function isSuggestion(item) {
  if (!(item instanceof Map)) return false;
  const entry = keyed(item);
  return kindOf(entry) !== null && hasContent(entry);
}

/** Whether a value in ordinary `json` code is meant as a block. @param {Value} item */
export function isDeclared(item) {
  if (!(item instanceof Map)) return false;
  const entry = keyed(item);
  if (isCitation(item)) return entry.has("source_name");
  const saysWhat = entry.has("kind") && (entry.has("fields") || entry.has("value"));
  return (saysWhat || (entry.has("field") && entry.has("value"))) && isSuggestion(item);
}

/**
 * The single things in a block: lists opened, wrapper objects taken off.
 * @param {Value[]} values
 * @returns {Value[]}
 */
export function unwrap(values) {
  /** @type {Value[]} */
  const found = [];
  for (const value of values) {
    if (Array.isArray(value)) {
      for (const one of unwrap(value)) found.push(one);
      continue;
    }
    if (value instanceof Map) {
      const entry = keyed(value);
      const inner = [...entry].filter(([key]) => WRAPPERS.includes(key)).map(([, one]) => one);
      const isWrapper = inner.length === entry.size && inner.every((one) => Array.isArray(one) || one instanceof Map);
      if (inner.length && isWrapper) {
        for (const one of unwrap(inner)) found.push(one);
        continue;
      }
    }
    found.push(value);
  }
  return found;
}
