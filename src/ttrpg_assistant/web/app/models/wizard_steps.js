/**
 * The eight steps of making a campaign. Every one may be skipped, every field stay empty.
 *
 * @typedef {import("../state/campaign_kinds.js").Field} Field
 * @typedef {{ id: string, title: string, words: string, fields: (Field | EntityField)[] }} Step
 * @typedef {{ name: string, label: string, as: "entities", naming: string, telling: string, tellingLabel: string }} EntityField
 *   `naming` and `telling` are the two fields of each entry that are asked for here
 */

/** @type {Step[]} */
export const STEPS = [
  {
    id: "basics",
    title: "Basics",
    words: "What it is called, what you play, where it is.",
    fields: [
      { name: "name", label: "Name", as: "line" },
      { name: "system", label: "System", as: "line" },
      { name: "setting", label: "Setting", as: "prose" },
      { name: "description", label: "What it is about", as: "prose" },
    ],
  },
  {
    id: "intent",
    title: "Intent",
    words: "What it should feel like, and what it should not.",
    fields: [
      { name: "fantasy", label: "What the players get to be and do", as: "prose" },
      { name: "themes", label: "Themes", as: "lines" },
      { name: "tone", label: "Tone", as: "line" },
      { name: "avoid", label: "What stays out", as: "lines" },
    ],
  },
  {
    id: "scope",
    title: "Scope",
    words: "How long the road is.",
    fields: [
      { name: "length", label: "Length", as: "line" },
      { name: "sessions", label: "About how many game sessions", as: "line" },
      { name: "hours", label: "Hours an evening", as: "line" },
    ],
  },
  {
    id: "players",
    title: "Players",
    words: "Who sits at the table.",
    fields: [
      { name: "count", label: "How many", as: "line" },
      { name: "names", label: "Names", as: "lines" },
      { name: "experience", label: "How well they know the game", as: "line" },
      { name: "safety", label: "What you agree on", as: "prose" },
    ],
  },
  {
    id: "party_composition",
    title: "Party",
    words: "Who they play.",
    fields: [
      { name: "characters", label: "Characters, one a line", as: "lines" },
      { name: "notes", label: "What ties them together", as: "prose" },
    ],
  },
  {
    id: "arc_structure",
    title: "Arc",
    words: "Where it could go.",
    fields: [
      { name: "shape", label: "Shape", as: "line" },
      { name: "acts", label: "Acts, one a line", as: "lines" },
      { name: "ending", label: "How it could end", as: "prose" },
    ],
  },
  {
    id: "initial_content",
    title: "First things",
    words: "Who and what is there on the first evening.",
    fields: [
      { name: "npcs", label: "NPCs", as: "entities", naming: "name", telling: "role", tellingLabel: "Role" },
      {
        name: "locations",
        label: "Places",
        as: "entities",
        naming: "name",
        telling: "description",
        tellingLabel: "What it is like",
      },
      {
        name: "plot_points",
        label: "Plot points",
        as: "entities",
        naming: "title",
        telling: "description",
        tellingLabel: "What happens",
      },
      { name: "first_session", label: "The first evening", as: "prose" },
    ],
  },
  {
    id: "review",
    title: "Review",
    words: "Read it once more. Everything can be changed later.",
    fields: [{ name: "notes", label: "Notes for yourself", as: "prose" }],
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
