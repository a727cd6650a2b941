import { Num } from "./lenient_json.js";
import { fieldOf } from "./proposals.js";
import { CONTROL_KEYS, keyed, targetKindOf } from "./proposal_kinds.js";

/**
 * How large the card of a proposal will be: the same words in the same places, as far as the page
 * can read them before the server has. Nothing of it is shown as words.
 *
 * @typedef {import("./lenient_json.js").Value} Value
 * @typedef {{ title: string, why: string, rows: [label: string, text: string][] }} Outline
 */

const REASONS = ["rationale", "reason", "why", "reasoning"];

const known = /** @type {WeakMap<object, Outline>} */ (new WeakMap());

/** @param {Value} item what a block proposes @returns {Outline} the same each time it is asked */
export function outlineOf(item) {
  if (!(item instanceof Map)) return { title: "", why: "", rows: [] };
  let outline = known.get(item);
  if (!outline) {
    outline = readOutline(item);
    known.set(item, outline);
  }
  return outline;
}

/** @param {Map<string, Value>} item @returns {Outline} */
function readOutline(item) {
  const entry = keyed(item);
  const kind = targetKindOf(entry);
  const fields = fieldsOf(entry);
  const named = fields.find(([name]) => name === "name" || name === "title");
  const why = REASONS.map((name) => plainText(entry.get(name) ?? null)).find(Boolean) ?? "";
  const about = named?.[1] ?? entry.get("target") ?? entry.get("field") ?? "";
  return {
    title: plainText(about),
    why,
    rows: fields.map(([name, value]) => [fieldOf(kind, name).label, plainText(value)]),
  };
}

/** @param {Map<string, Value>} entry @returns {[string, Value][]} */
function fieldsOf(entry) {
  const fields = entry.get("fields");
  if (fields instanceof Map) return [...fields].filter(([, value]) => plainText(value) !== "");
  const one = entry.get("field");
  if (typeof one === "string") return [[one.split(".").at(-1) ?? one, entry.get("value") ?? null]];
  return [...entry].filter(([name, value]) => !CONTROL_KEYS.includes(name) && plainText(value) !== "");
}

/** @param {Value} value @returns {string} */
function plainText(value) {
  if (value instanceof Num) return value.lexeme;
  if (value instanceof Map) return [...value.values()].map(plainText).filter(Boolean).join("\n");
  if (Array.isArray(value)) return value.map(plainText).filter(Boolean).join("\n");
  return typeof value === "string" ? value : "";
}
