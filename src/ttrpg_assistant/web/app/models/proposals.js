import { KINDS, kindSuggested, pathOf } from "../state/campaign/campaign_kinds.js";
import { proposals as said } from "../words/en/proposals.js";
import { suggested } from "../words/en/suggested.js";
import { controls } from "../words/en/controls.js";

/**
 * Proposals and their words.
 *
 * @typedef {"pending" | "accepted" | "partly_accepted" | "rejected" | "undone" | "conflict"} SuggestionStatus
 *
 * @typedef {object} FieldPatch
 * @property {string} field
 * @property {"replace" | "append"} mode
 * @property {"applied" | "unchanged" | "conflict"} outcome
 * @property {any} base
 * @property {any} proposed
 * @property {any} current
 * @property {any} result
 *
 * @typedef {object} Suggestion
 * @property {string} id
 * @property {string} conversation_id
 * @property {string} message_id
 * @property {number} ordinal
 * @property {number | null} [place] in a message: the character at which its block begins
 * @property {string | null} campaign_id
 * @property {string} kind
 * @property {string} target_kind
 * @property {string | null} target_id
 * @property {string | null} target_name
 * @property {string} title
 * @property {Record<string, any>} fields
 * @property {string} rationale
 * @property {string | null} note
 * @property {SuggestionStatus} status
 * @property {string | null} reason
 * @property {FieldPatch[]} [difference] what accepting would do now
 * @property {"new" | "there" | "gone" | "unknown"} [target_state]
 * @property {number | null} [target_revision]
 * @property {Record<string, any>} [written] what accepting it has stored so far
 *
 * @typedef {object} Citation
 * @property {string} id
 * @property {string} source_name
 * @property {string | null} location
 * @property {string | null} excerpt
 * @property {number | null} confidence
 * @property {string | null} entity_kind
 * @property {string | null} entity_id
 * @property {boolean} is_verified
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 */

/** What may still be decided. @param {Suggestion} suggestion */
export function isOpen({ status }) {
  return status === "pending" || status === "partly_accepted" || status === "undone" || status === "conflict";
}

/** Waits for a first decision. @param {Suggestion} suggestion */
export function isPending({ status }) {
  return status === "pending" || status === "conflict";
}

/** What can be accepted as it is, and brings something. @param {Suggestion} suggestion */
export function isTakable(suggestion) {
  const state = suggestion.target_state;
  return isOpen(suggestion) && state !== "unknown" && state !== "gone" && differenceOf(suggestion).length > 0;
}

/** What taking all of them does: "Accept all 3: 2 NPCs, 1 location". @param {Suggestion[]} suggestions */
export function acceptAllWords(suggestions) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind } of suggestions) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const each = [...counts].map(([kind, count]) => countWords(kind, count));
  return said.acceptAll(suggestions.length, each.join(", "));
}

/** Kinds of suggestion that make or change no whole thing; what `saysItself` needs no title above its text. @type {Record<string, { words: string, icon?: string, saysItself?: boolean }>} */
const PART_SIGNS = {
  npc_trait: { words: suggested.npcTrait },
  session_plan: { words: suggested.sessionPlan, icon: "notebook-pen" },
  house_rule: { words: suggested.houseRule, icon: "scroll-text" },
  fact: { words: suggested.fact, icon: "feather", saysItself: true },
  relation: { words: suggested.relation, icon: "link" },
  recap: { words: suggested.recap, icon: "scroll-text" },
};

/** @param {{ kind: string }} suggestion */
export function kindSign({ kind }) {
  const thing = kindSuggested(kind);
  return {
    words: PART_SIGNS[kind]?.words ?? thing?.title ?? suggested.suggestion,
    icon: PART_SIGNS[kind]?.icon ?? thing?.icon ?? "sparkles",
    ...(PART_SIGNS[kind]?.saysItself && { saysItself: true }),
  };
}

/** What several of a kind of suggestion are called: "2 NPCs", "1 random table". @param {string} kind @param {number} count */
function countWords(kind, count) {
  const thing = kindSuggested(kind);
  const [one, several] = said.kinds[kind] ?? (thing ? [thing.noun, thing.plural] : said.other);
  return `${count} ${count === 1 ? one : several}`;
}

/** What a title calls the thing: "New NPC: Mira" is Mira. @param {string} title */
export function nameIn(title) {
  return title.replace(/^(?:New [^:]{1,20}|Fact|Relation): /, "");
}

/** How a field of a proposal is called, shown and edited. @param {string} targetKind @param {string} name @returns {Field} */
export function fieldOf(targetKind, name) {
  const [head, ...rest] = name.split(".");
  const kind = KINDS[targetKind];
  const known = kind?.fields.find((field) => field.name === head);
  if (known && rest.length === 0) return known;
  const own = suggested.fields[`${targetKind}.${name}`];
  if (own) return { name, label: own, as: name === "text" ? "prose" : "line" };
  const label = rest.length > 0 ? `${known?.label ?? words(head)}: ${words(rest.join(" "))}` : words(head);
  return { name, label, as: "prose", gmOnly: known?.gmOnly };
}

/** @param {string} name */
function words(name) {
  const said = name.replaceAll("_", " ").trim();
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** A value as lines of plain text. @param {any} value @returns {string} */
export function plain(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join("\n");
  if (typeof value !== "object")
    return typeof value === "boolean" ? (value ? controls.yes : controls.no) : String(value);
  if ("text" in value) return value.may_hint ? suggested.mayHint(value.text) : String(value.text);
  if ("target" in value) return value.relation ? `${value.target} – ${value.relation}` : String(value.target);
  return Object.entries(value)
    .map(([name, each]) => `${words(name)}: ${plain(each)}`)
    .join("\n");
}

/**
 * The field-by-field difference; before the server has told it, what was proposed.
 * @param {Suggestion} suggestion @returns {FieldPatch[]}
 */
export function differenceOf(suggestion) {
  if (suggestion.difference && suggestion.target_state !== "gone") return suggestion.difference;
  return Object.entries(suggestion.fields).map(([field, proposed]) => ({
    field,
    mode: "replace",
    outcome: "applied",
    base: null,
    proposed,
    current: null,
    result: proposed,
  }));
}

/** A thing among others that may have its name. @param {string} name @param {{ role?: string, kind?: string, type?: string }} thing */
export function toldApart(name, { role, kind, type }) {
  const what = (role || kind || type || "").trim();
  return what ? `${name}, ${what}` : name;
}

/**
 * What was accepted, as it was stored, by field. What says already what was proposed was not
 * stored again: it is told as it was proposed.
 * @param {Suggestion} suggestion @returns {[string, any][]}
 */
export function writtenOf({ status, fields, written, difference }) {
  if (!written) return status === "accepted" ? Object.entries(fields) : [];
  const agreed = status === "accepted" ? (difference ?? []).map(({ field, proposed }) => [field, proposed]) : [];
  return Object.entries({ ...Object.fromEntries(agreed), ...written });
}

/** Where a thing of the campaign, or something that was said, is shown. @param {string | null} kind @param {string | null} id @param {string | null} campaignId */
export function addressOf(kind, id, campaignId) {
  if (kind === "message" && id) return `/things/message/${id}`;
  const known = KINDS[kind ?? ""];
  if (!known || !id) return null;
  // A talk does not always say which campaign it was about: then the thing itself is asked.
  const isKnownByItself = known.name === "campaign" || known.name === "npc";
  return campaignId || isKnownByItself ? pathOf(known, { id, campaign_id: campaignId }) : `/things/${known.name}/${id}`;
}
