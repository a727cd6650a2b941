import { campaign as t } from "../words/en/campaign.js";
import { cutText } from "./characters.js";

/**
 * What a card in a list says of a thing.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Kind} Kind
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 */

/** One quiet line: what stands in lists, each with its label where it does not say what it is. @param {Kind} kind @param {any} entity */
export function cardLine(kind, entity) {
  if (kind.name === "game_session") return firstWords(entity.recap_players || entity.plan);
  const listed = kind.fields
    .filter(({ name, as, inList }) => inList && as === "line" && entity[name])
    .map(({ name, label, saysItself }) => (saysItself ? entity[name] : t.labelled(label, entity[name])));
  const prose = kind.fields.find(({ as, first }) => as === "prose" && first);
  // An NPC is known by its role.
  if (prose && !(kind.name === "npc" && listed.length > 0)) listed.push(firstWords(entity[prose.name]));
  return listed.filter(Boolean).join(" · ");
}

/** The choices that tell a thing apart in a list, but for who knows it and for what is ordinary: that it counts. @param {Kind} kind @param {any} entity @returns {{ value: string, words: string }[]} */
export function cardChoices(kind, entity) {
  return kind.fields
    .filter(
      ({ name, as, inList }) =>
        inList && as === "choice" && name !== "audience" && !(name === "canon" && entity.canon === "happened"),
    )
    .map(({ name, options }) => ({ value: entity[name], words: wordsFor(options, entity[name]) }));
}

/** Who knows a thing, but for what is ordinary and what has a sign of its own, the game master alone; else empty. @param {Kind} kind @param {any} entity */
export function cardAudience(kind, entity) {
  const field = kind.fields.find(({ name }) => name === "audience");
  const ordinary = field?.options?.some(([value]) => value === "name") ? "name" : "public";
  const isSaid = field && !["gm", ordinary].includes(entity.audience);
  return isSaid ? wordsFor(field.options, entity.audience) : "";
}

/** @param {[string, string][] | undefined} options @param {string} value */
function wordsFor(options, value) {
  return options?.find(([option]) => option === value)?.[1] ?? value;
}

/** The first sentence or so. @param {string} text */
function firstWords(text) {
  const line = (text ?? "").split("\n")[0];
  return line.length > 140
    ? `${cutText(line, line.lastIndexOf(" ", 140) > 70 ? line.lastIndexOf(" ", 140) : 140)} …`
    : line;
}
