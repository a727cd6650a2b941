import { declared } from "../../declared_kinds.js";
import { campaignKinds as t } from "../../words/en/campaign_kinds.js";

/**
 * What a campaign is made of, as the server declares it: cards, sheets, forms, lists and conflicts
 * all read this.
 *
 * The shape of a field decides how it is shown and edited:
 * `name`, `line` one line · `prose` several · `names`, `lines` a list of lines · `secrets` what only the GM knows ·
 * `message` the one it comes from, never edited · `connections` who they are connected to, and how · `object` names and values · `reference` one thing of another
 * kind · `related` several things · `known_to` who knows it · `choice` one of `options` · `flag` yes or no.
 *
 * @typedef {"name" | "line" | "prose" | "names" | "lines" | "secrets" | "connections" | "object" | "reference" | "related" | "known_to" | "choice" | "flag" | "message"} Writing
 *
 * @typedef {object} Field
 * @property {string} name as the server calls it
 * @property {string} label
 * @property {Writing} as
 * @property {boolean} [gmOnly] for the game master's eyes only
 * @property {boolean} [first] part of the short form that makes a new one
 * @property {string} [hint]
 * @property {[string, string][]} [options] values and their words
 * @property {string} [pointsTo] the kind of thing that a reference names
 * @property {string[]} [offers] the kinds of things to choose from
 * @property {boolean} [inList] shown in lists
 * @property {boolean} [filters] narrows a list
 * @property {boolean} [saysItself] needs no label in a list
 * @property {any} [empty] what it holds when nothing was said
 *
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} noun for sentences
 * @property {string} one with its article
 * @property {string} path of its own operations under /api; empty where it has only those that all things have
 * @property {string} listName what a list of them is called, also as a part of the campaign's page
 * @property {string} title one of them
 * @property {string} titles several of them
 * @property {string} plural the same in a sentence
 * @property {string} newTitle what making one is called
 * @property {string} searchTitle what looking for one is called
 * @property {string} unnamed one without a name
 * @property {string} icon
 * @property {string} hint what such a thing is
 * @property {string} emptyList what an empty list teaches
 * @property {string} firstOfAll the button of an empty list
 * @property {string} named which field names it
 * @property {boolean} pictured its portrait, or its letters, stand beside its name
 * @property {boolean} rolledOn dice choose from what is in it
 * @property {boolean} shownInPictures is made of pictures: what is pasted on its sheet is one more
 * @property {boolean} isThing has the operations that all things have
 * @property {string[]} suggestions the kinds of suggestion that make or change one
 * @property {string[]} synonyms other words for one
 * @property {Field[]} fields
 */

/** @param {import("../../declared_kinds.js").DeclaredKind} kind @returns {Kind} */
function readKind(kind) {
  const title = kind.noun.charAt(0).toUpperCase() + kind.noun.slice(1);
  const [first, ...others] = kind.plural;
  // "NPCs" stay as they are, "Locations" are locations.
  const plural = kind.noun.charAt(0) === first ? kind.plural : first.toLowerCase() + others.join("");
  return {
    name: kind.name,
    noun: kind.noun,
    one: kind.one,
    path: kind.path ?? "",
    listName: kind.list_name,
    title,
    titles: kind.plural,
    plural,
    newTitle: t.newOne(kind.noun),
    searchTitle: t.search(plural),
    unnamed: kind.name_field === "title" ? t.untitled(kind.noun) : t.unnamed(kind.noun),
    icon: kind.icon,
    hint: kind.hint ?? "",
    emptyList: kind.empty_list,
    firstOfAll: kind.first_of_all,
    named: kind.name_field,
    pictured: kind.is_pictured ?? false,
    rolledOn: kind.is_rolled_on ?? false,
    shownInPictures: kind.is_shown_in_pictures ?? false,
    isThing: kind.is_thing ?? false,
    suggestions: kind.suggestions ?? [],
    synonyms: kind.synonyms ?? [],
    fields: kind.fields.map(readField),
  };
}

/** @param {import("../../declared_kinds.js").DeclaredField} field @returns {Field} */
function readField(field) {
  return {
    name: field.name,
    label: field.label,
    as: /** @type {Writing} */ (field.shape),
    gmOnly: field.is_gm_only,
    first: field.is_first,
    hint: field.hint,
    options: field.choices?.map(({ value, label }) => [value, label]),
    pointsTo: field.points_to,
    offers: field.offers,
    inList: field.is_column,
    filters: field.is_filter,
    saysItself: field.says_itself,
    empty: field.empty,
  };
}

/** By name, in their order. Without inherited names: a kind may come from an address. @type {Record<string, Kind>} */
export const KINDS = Object.assign(
  Object.create(null),
  Object.fromEntries(declared.map((kind) => [kind.name, readKind(kind)])),
);

/** Everything that is in a campaign: things first, then what else there is. */
export const INSIDE = Object.values(KINDS)
  .filter(({ name }) => name !== "campaign")
  .sort((a, b) => Number(b.isThing) - Number(a.isThing));

/** The kinds of things. */
export const THINGS = INSIDE.filter(({ isThing }) => isThing);

/** Those that say who knows of each. */
export const CLOSED = THINGS.filter(({ fields }) => fields.some(({ name }) => name === "audience"));

/** The kind that a kind of suggestion makes or changes. @param {string} suggestion @returns {Kind | undefined} */
export function kindSuggested(suggestion) {
  return Object.values(KINDS).find(({ suggestions }) => suggestions.includes(suggestion));
}

/** The kinds of things that fields of this one refer to. @param {Kind} kind */
export function kindsReferred({ fields }) {
  const named = fields.flatMap(({ pointsTo, offers = [] }) => (pointsTo ? [pointsTo, ...offers] : offers));
  return [...new Set(named)];
}

/** What a thing is called. @param {Kind} kind @param {any} entity */
export function nameOf(kind, entity) {
  if (kind.name === "game_session") {
    return entity.title ? `${entity.session_number} · ${entity.title}` : t.gameSessionNumber(entity.session_number);
  }
  return entity[kind.named] || kind.unnamed;
}

/** Whether a thing as a whole is for the game master's eyes only. @param {Kind} kind @param {any} entity */
export function isSecret(kind, entity) {
  return kind.isThing && entity.audience === "gm";
}

/** The address of one thing. @param {Kind} kind @param {any} entity */
export function pathOf(kind, entity) {
  if (kind.name === "campaign") return `/campaigns/${entity.id}`;
  if (kind.name === "npc") return `/npcs/${entity.id}`;
  return `/campaigns/${entity.campaign_id}?part=${kind.listName}&show=${entity.id}`;
}

/** Where the server keeps one thing. @param {Kind} kind @param {{ id: string, campaign_id?: string | null }} entity */
export function apiOf(kind, { id, campaign_id: campaignId }) {
  return kind.path ? `/api/${kind.path}/${id}` : `/api/campaigns/${campaignId}/things/${kind.name}/${id}`;
}

/** Where the server lists all of a kind. @param {Kind} kind @param {string | null} campaignId */
export function apiOfAll(kind, campaignId) {
  if (kind.name === "campaign") return "/api/campaigns";
  return `/api/campaigns/${campaignId}/${kind.isThing ? `things/${kind.name}` : kind.path}`;
}

/** What such a list is called in an answer. @param {Kind} kind */
export function listedAs({ isThing, listName }) {
  return isThing ? "things" : listName;
}

/** The things on a page of such a list. @param {Kind} kind @param {any} page @returns {any[]} */
export function listedOn(kind, page) {
  return page[listedAs(kind)];
}
