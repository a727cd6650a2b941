import { clashesOf, isSame, tidy } from "./entity_edit.js";
import { ATTITUDES } from "./relation_words.js";
import { relations as t } from "../words/en/relations.js";

/**
 * An edit of a relation, and what becomes of it when the relation was changed meanwhile.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {import("./relation_words.js").Relation} Relation
 * @typedef {import("./relation_words.js").Knower} Knower
 *
 * What the form shows: the attitude as the text of a choice.
 * @typedef {{ label: string, attitude: string, audience: string, known_to: Knower[], note: string }} Written
 *
 * What a new relation is between: it goes from `one` to the `other`, or the other way.
 * @typedef {import("./thing_names.js").Thing} Thing
 * @typedef {{ one: Thing | null, other: Thing | null, isTo: boolean }} Ends
 */

/** @type {Field[]} */
export const FIELDS = [
  { name: "label", label: t.label, as: "line", hint: t.labelHint },
  {
    name: "attitude",
    label: t.attitude,
    as: "choice",
    options: [
      ["", t.noAttitude],
      ...ATTITUDES.map(([stored, word]) => /** @type {[string, string]} */ ([String(stored), word])),
    ],
  },
  {
    name: "audience",
    label: t.audience,
    as: "choice",
    hint: t.audienceHint,
    options: [
      ["gm", t.gmOnly],
      ["party", t.party],
      ["some", t.some],
      ["public", t.everyone],
    ],
  },
  { name: "known_to", label: t.knownTo, as: "known_to", offers: ["npc", "character"] },
  { name: "note", label: t.note, as: "prose", gmOnly: true },
];

/** @type {Written} */
export const BLANK = { label: "", attitude: "", audience: "gm", known_to: [], note: "" };

/** A stored relation as the form edits it. @param {Relation} relation @returns {Written} */
export function writtenOf({ label, attitude, audience, known_to, note }) {
  return { label, attitude: attitude === null ? "" : String(attitude), audience, known_to, note };
}

/** What is sent of a form. @param {Written} written */
export function sentOf(written) {
  const { attitude, ...others } = Object.fromEntries(
    FIELDS.map((field) => [field.name, tidy(field, written[/** @type {keyof Written} */ (field.name)])]),
  );
  return { ...others, attitude: attitude === "" ? null : Number(attitude) };
}

/** The fields to fill in: those named matter only where not everybody knows it. @param {Written} written */
export function fieldsFor({ audience, known_to: knownTo }) {
  return FIELDS.filter(({ name }) => name !== "known_to" || audience === "some" || knownTo.length > 0);
}

/** @param {Written} one @param {Written} other */
export function isWrittenSame(one, other) {
  return isSame(sentOf(one), sentOf(other));
}

/**
 * What was changed elsewhere since `base` was read, and is otherwise in this edit. Also a field that
 * only the others changed is a clash: who may know of a relation was decided with its words in view.
 * @param {{ mine: Written, theirs: Written, base: Written }} versions
 */
export function relationClashes(versions) {
  return clashesOf(FIELDS, versions);
}

/** The ends of a new relation as they are sent. @param {Ends} ends */
export function endsSent({ one, other, isTo }) {
  const [from, to] = isTo ? [one, other] : [other, one];
  return { from_kind: from?.[0], from_id: from?.[1], to_kind: to?.[0], to_id: to?.[1] };
}

/** Both directions in words, the first from `one` to the `other`. @param {Ends} ends @returns {[string, string]} */
export function waysOf({ one, other }) {
  const [first, second] = [one, other].map((thing) => thing?.[2] || t.notChosen);
  return [t.way(first, second), t.way(second, first)];
}

/** What must still be chosen; nothing when the ends are right. @param {Ends} ends @param {boolean} isOnSheet */
export function whatIsMissing({ one, other }, isOnSheet) {
  if (!one || !other) return isOnSheet ? t.chooseOther : t.chooseBoth;
  return one[1] === other[1] ? t.chooseDifferent : "";
}
