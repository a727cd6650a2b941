/** Asking a campaign: the question, what was counted, the quotes, and a model's answer. */
export const ask = {
  title: (/** @type {string} */ campaign) => `Ask ${campaign}`,
  field: "Your question",
  fieldHint: "When did we meet Mira?",
  submit: "Ask",
  intro:
    "Ask about anything that was said, noted or written in this campaign. The answer is quoted, with who said it, when, and where it stands.",
  looking: "Looking through the campaign…",
  answered: (/** @type {number} */ count) => (count === 1 ? "1 quote" : `${count} quotes`),
  nothing: "The campaign holds nothing on this question. Try a name, or other words.",
  evidence: "Quotes, oldest first",
  counted: "In short",

  firstMentioned: "First mentioned",
  lastSeen: "Last seen at the table",
  lastMentioned: "Last mentioned",
  neverSeen: "Never seen at the table",
  mentions: (/** @type {number} */ count, /** @type {boolean} */ isCut) => {
    if (isCut) return `Mentioned more than ${count.toLocaleString()} times`;
    return count === 1 ? "Mentioned once" : `Mentioned ${count.toLocaleString()} times`;
  },
  inEvenings: (/** @type {number} */ count) => (count === 1 ? "in one game session" : `in ${count} game sessions`),
  neverMentioned: "Not mentioned in any talk or note",

  all: (/** @type {number} */ count, /** @type {string} */ words) =>
    count === 1
      ? `The only place with ${words} is quoted here.`
      : `All ${count.toLocaleString()} places with ${words} are quoted here.`,
  notAll: (/** @type {number} */ count, /** @type {string} */ words) =>
    count === 1
      ? `One place has ${words}; others may say it in other words.`
      : `${count.toLocaleString()} places have ${words}, and not all of them are quoted here.`,
  bestFit: (/** @type {string} */ words) => `No place has all of ${words}. These quotes fit best.`,

  evening: (/** @type {number} */ number, /** @type {string} */ title) =>
    title ? `Game session ${number}: ${title}` : `Game session ${number}`,
  saidTo: (/** @type {string} */ speaker, /** @type {string} */ listener) => `${speaker} to ${listener}`,
  someNpc: "an NPC",
  assistant: "the assistant",
  you: "you",
  planned: "Planned, not played",
  retconned: "No longer true",
  imported: "Imported",
  quote: (/** @type {number} */ number) => `Quote ${number}`,

  answerWith: (/** @type {string} */ model) => `Answer with ${model}`,
  answering: (/** @type {string} */ model) => `${model} answers…`,
  answerBy: (/** @type {string} */ model) => `Answer by ${model}`,
  unsupported: (/** @type {number} */ count) =>
    count === 1 ? "One sentence names no quote. Check it." : `${count} sentences name no quote. Check them.`,
  cut: "The model reached its answer length: the end is missing.",
  palette: (/** @type {string} */ text, /** @type {string} */ campaign) => `Ask ${campaign}: “${text}”`,
  paletteHint: "Quotes with dates",
  link: "Ask",
};
