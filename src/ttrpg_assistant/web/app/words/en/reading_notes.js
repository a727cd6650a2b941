import { counts } from "./counts.js";

/** Notes: split by their headings, or read by a model. */
export const readingNotes = {
  how: "How to bring in the notes",
  byHeadings: "By their headings",
  byHeadingsWords: "Each heading becomes a thing, as listed below. No model is asked.",
  byModel: "Let the model read them",
  beginWords:
    "A model reads these notes part by part and suggests NPCs, locations, factions, items, plot points, facts and relations, each with the lines it comes from. Nothing changes in the campaign until you accept it.",
  byModelWords:
    "It reads them part by part and suggests NPCs, locations, factions, items, plot points, facts and relations, each with the lines it comes from. Nothing changes in the campaign until you accept it.",
  takes: (/** @type {number} */ parts, /** @type {string} */ tokens, /** @type {string} */ model) =>
    `About ${counts.of(parts, "part", "parts")} and ${tokens} tokens to read, with ${model}.`,
  needsModel:
    "The built-in model does not read prose. A model you choose in Settings would also suggest what the text says between its headings.",
  settings: "Choose a model",
  tooLong: "These notes are too long for a model to read. Import them in parts, or by their headings.",
  unknown: "How many parts it takes is not known yet.",
  start: "Start reading",
  kept: "The text is kept for a model to read.",
  review: "Open the review",
  notTalk: "These are notes for a model to read. Nobody speaks in them.",
  readText: "Let a model read this text",
  over: "Notes",
  openLine: "Open in the notes",
};
