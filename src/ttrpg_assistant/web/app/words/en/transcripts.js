import { counts } from "./counts.js";

export const transcripts = {
  is: (/** @type {string} */ label, /** @type {string} */ parts) => `This is ${label}: ${parts}.`,
  isBeginning: (/** @type {string} */ label, /** @type {string} */ parts) =>
    `This is ${label}. Its first megabyte has ${parts}.`,
  alternatives: (/** @type {number} */ n) =>
    n === 1 ? "1 alternative answer" : `${n.toLocaleString()} alternative answers`,
  hidden: (/** @type {number} */ n) => (n === 1 ? "1 hidden line" : `${n.toLocaleString()} hidden lines`),
  hiddenWords: "Hidden lines are shown here as notes and are not sent to a model.",
  alternativesWords: "Alternative answers become branches of the conversation.",
  note: "Note, not sent to a model",
  role: { user: "Player", assistant: "Assistant", system: "Note, not sent to a model" },
  noNames: "No names were found before the lines, so it becomes one speaker’s. Names are expected as",
  notesWords: "It becomes one message. If people talk in it, it can be read as a conversation instead.",
  readAsTalk: "Read it as a conversation",
  readAsNotes: "Read it as notes",
  conversations: "Conversations to import",
  chosen: (/** @type {number} */ n, /** @type {number} */ of) => `${n.toLocaleString()} of ${counts.conversations(of)}`,
  chooseAll: "Choose all",
  chooseNone: "Choose none",
  find: "Find by title",
  moreConversations: (/** @type {number} */ n) => `${counts.conversations(n)} more match. Find them by their titles.`,
  untitled: (/** @type {number} */ n) => `Conversation ${n.toLocaleString()}`,
  ownTitles: "Each keeps its own title.",
  began: "When did the recording begin?",
  beganWords:
    "Its times count from the beginning and name no day. Without a beginning, every message gets the time of the import.",
  remarks: "What to know before importing",
  lines: (/** @type {string} */ named, /** @type {number} */ count, /** @type {boolean} */ isMore) => {
    if (!named) return count === 1 ? "" : `${count.toLocaleString()} times`;
    if (count === 1) return `line ${named}`;
    return isMore ? `${count.toLocaleString()} times, first in lines ${named}` : `lines ${named}`;
  },
  severalImported: (/** @type {number} */ n, /** @type {string} */ messages) =>
    `${counts.conversations(n)} are imported: ${messages}.`,
  openCampaign: "Open the campaign",
};
