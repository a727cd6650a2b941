/** What the search has found, and a message opened from it. */
export const search = {
  archived: "archived",
  conversation: "Conversation",
  found: (/** @type {number} */ messages, /** @type {number} */ things) => {
    const said = messages === 1 ? "1 message" : `${messages} messages`;
    return things === 1 ? `${said} and 1 other result` : `${said} and ${things} other results`;
  },
  indexing: (/** @type {number} */ count) =>
    count === 1
      ? "1 older message is still being indexed."
      : `${count.toLocaleString()} older messages are still being indexed.`,
  inOtherBranch: "This message is in another branch of the conversation.",
  messages: "Messages",
  nothing: "Nothing found",
  nothingHelp: "No results. Try fewer words, or the beginning of a word with a star: lant*",
  openConversation: "Open the conversation",
  otherBranch: "other branch",
  searching: "Searching…",
  showEarlier: "Show earlier",
  showLater: "Show later",
  things: "NPCs, locations and notes",
  field: "Search for",
  fieldHint: 'Words, a "phrase", begin*, -without',
  order: "Order",
  newestFirst: "Newest first",
  bestMatch: "Best match",
  where: "Kind of conversation",
  everywhere: "All conversations",
  chats: "Chats",
  threads: "Threads",
  npcs: "With NPCs",
  allCampaigns: "All campaigns",
  speaker: "Speaker",
  anyone: "Said by anyone",
  byYou: "Said by you",
  answersOnly: "Answers only",
  inOneConversation: "In one conversation",
  searchEverywhere: "Search everywhere",
  from: "From",
  to: "To",
  includeArchived: "Include archived",
  intro:
    "Search everything that was said or written: a name, a location, the beginning of a word with a star after it. Accents and capitals do not matter.",
};
