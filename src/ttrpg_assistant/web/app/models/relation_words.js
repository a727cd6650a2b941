import { KINDS, pathOf } from "../state/campaign/campaign_kinds.js";
import { campaign as campaignWords } from "../words/en/campaign.js";
import { relations as t } from "../words/en/relations.js";

/**
 * A relation as the sheet of one of its two things says it. It has a direction, and reads right from
 * both ends: "To The Guild: owes a debt" on one sheet, "From Mira: owes a debt" on the other.
 *
 * @typedef {{ kind: string, id: string, group?: string }} Knower
 *
 * @typedef {object} Relation
 * @property {string} id
 * @property {string} campaign_id
 * @property {string} from_kind @property {string} from_id @property {string} from_name
 * @property {string} to_kind @property {string} to_id @property {string} to_name
 * @property {string} label
 * @property {number | null} attitude from -2, hostile, to 2, devoted
 * @property {"gm" | "party" | "some" | "public"} audience
 * @property {Knower[]} known_to
 * @property {string} note
 * @property {number} revision
 *
 * @typedef {object} Shown
 * @property {boolean} isTo whether it goes out from the thing whose sheet this is
 * @property {string} name of the other thing
 * @property {string} link to its page; empty where this page does not know such things
 * @property {string} label
 * @property {string} attitude the word for it; empty where none was said
 */

/** The words for attitudes, by what is stored. @type {[number, string][]} */
export const ATTITUDES = [
  [-2, t.hostile],
  [-1, t.wary],
  [0, t.neutral],
  [1, t.friendly],
  [2, t.devoted],
];

/** @param {number | null} attitude */
export function attitudeWord(attitude) {
  return ATTITUDES.find(([stored]) => stored === attitude)?.[1] ?? "";
}

/** @param {Relation} relation @param {string} thingId of whose sheet this is @returns {Shown} */
export function relationSeenFrom(relation, thingId) {
  const isTo = relation.from_id === thingId;
  const [id, name, of] = isTo
    ? [relation.to_id, relation.to_name, KINDS[relation.to_kind]]
    : [relation.from_id, relation.from_name, KINDS[relation.from_kind]];
  return {
    isTo,
    name: name || (of?.unnamed ?? campaignWords.deleted),
    link: of ? pathOf(of, { id, campaign_id: relation.campaign_id }) : "",
    label: relation.label,
    attitude: attitudeWord(relation.attitude),
  };
}

/** The same in one line, for buttons and notices. @param {Shown} shown */
export function relationWords({ isTo, name, label, attitude }) {
  const end = isTo ? t.toOther(name) : t.fromOther(name);
  const words = label || attitude;
  return words ? t.said(end, words) : end;
}

/**
 * Who may know of it besides the game master, each with an icon; nobody where it is GM only.
 * @param {Relation} relation @param {(id: string) => string} called what a thing is called
 * @returns {{ icon: string, words: string }[]}
 */
export function knowersOf({ audience, known_to: knownTo }, called) {
  switch (audience) {
    case "public":
      return [{ icon: "users", words: campaignWords.everyoneKnows }];
    case "party":
      return [{ icon: "users-round", words: t.partyKnows }];
    case "some":
      return knownTo.map(({ id, group }) =>
        group ? { icon: "users", words: group } : { icon: "user", words: called(id) },
      );
    default:
      return [];
  }
}
