import { wizard as t } from "../words/en/wizard.js";

/**
 * The eight steps of making a campaign. Every one may be skipped, every field stay empty.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 * @typedef {{ id: string, title: string, words: string, fields: (Field | EntityField)[] }} Step
 * @typedef {{ name: string, label: string, as: "entities", naming: string, telling: string, tellingLabel: string }} EntityField
 *   `naming` and `telling` are the two fields of each entry that are asked for here
 */

/** @type {Step[]} */
export const STEPS = [
  {
    id: "basics",
    title: t.basics,
    words: t.basicsWords,
    fields: [
      { name: "name", label: t.name, as: "line" },
      { name: "system", label: t.system, as: "line" },
      { name: "setting", label: t.setting, as: "prose" },
      { name: "description", label: t.description, as: "prose" },
    ],
  },
  {
    id: "intent",
    title: t.intent,
    words: t.intentWords,
    fields: [
      { name: "fantasy", label: t.fantasy, as: "prose" },
      { name: "themes", label: t.themes, as: "lines" },
      { name: "tone", label: t.tone, as: "line" },
      { name: "avoid", label: t.avoid, as: "lines" },
    ],
  },
  {
    id: "scope",
    title: t.scope,
    words: t.scopeWords,
    fields: [
      { name: "length", label: t.length, as: "line" },
      { name: "sessions", label: t.sessions, as: "line" },
      { name: "hours", label: t.hours, as: "line" },
    ],
  },
  {
    id: "players",
    title: t.players,
    words: t.playersWords,
    fields: [
      { name: "count", label: t.playerCount, as: "line" },
      { name: "names", label: t.playerNames, as: "lines" },
      { name: "experience", label: t.experience, as: "line" },
      { name: "safety", label: t.safety, as: "prose" },
    ],
  },
  {
    id: "party_composition",
    title: t.party,
    words: t.partyWords,
    fields: [
      { name: "characters", label: t.characters, as: "lines" },
      { name: "notes", label: t.partyTies, as: "prose" },
    ],
  },
  {
    id: "arc_structure",
    title: t.arc,
    words: t.arcWords,
    fields: [
      { name: "shape", label: t.shape, as: "line" },
      { name: "acts", label: t.acts, as: "lines" },
      { name: "ending", label: t.ending, as: "prose" },
    ],
  },
  {
    id: "initial_content",
    title: t.content,
    words: t.contentWords,
    fields: [
      { name: "npcs", label: t.npcs, as: "entities", naming: "name", telling: "role", tellingLabel: t.npcRole },
      {
        name: "locations",
        label: t.locations,
        as: "entities",
        naming: "name",
        telling: "description",
        tellingLabel: t.locationDescription,
      },
      {
        name: "plot_points",
        label: t.plotPoints,
        as: "entities",
        naming: "title",
        telling: "description",
        tellingLabel: t.plotHappens,
      },
      { name: "first_session", label: t.firstSession, as: "prose" },
    ],
  },
  {
    id: "review",
    title: t.review,
    words: t.reviewWords,
    fields: [{ name: "notes", label: t.notes, as: "prose" }],
  },
];

/** @param {string} id */
export function stepAt(id) {
  return Math.max(
    0,
    STEPS.findIndex((step) => step.id === id),
  );
}

/** What an answer is called on the screen. @param {string} name such as `basics.name` */
export function labelOf(name) {
  const [id, ...rest] = name.split(".");
  const step = STEPS.find((each) => each.id === id);
  return step?.fields.find((each) => each.name === rest.join("."))?.label ?? rest.at(-1) ?? name;
}

/** Without what typing leaves behind: empty lines, entries without a word in them. @param {any} value @returns {any} */
export function tidied(value) {
  if (!Array.isArray(value)) return value;
  return value.filter((each) =>
    typeof each === "string"
      ? each.trim() !== ""
      : Object.values(each).some((part) => String(part ?? "").trim() !== ""),
  );
}

/** Whether there is anything in an answer. @param {any} value */
export function isAnswered(value) {
  return Array.isArray(value) ? tidied(value).length > 0 : String(value ?? "").trim() !== "";
}
