export const archives = {
  archive: "Campaign archive",
  olderVersion: "It was made by an older version, which did not record how much is in it.",
  alreadyHere: "You already have this campaign. The archive is imported as a copy; your campaign does not change.",
  newCampaign: "It is imported as a new campaign. Nothing you have is changed.",
  ifDamaged: "If the file turns out to be damaged, nothing of it is imported.",
  importCopy: "Import as a copy",
  import: "Import",
  otherFile: "Choose another file",
  importing: "Importing",
  progress: "Import progress",
  mayLeave: "You can leave this page; the import continues.",
  nothingStored: "Nothing is stored yet.",
  reading: "Reading the file…",
  storing: "The file is uploaded. Checking and storing it…",
  sent: (/** @type {string} */ part, /** @type {string} */ whole) => `${part} of ${whole} sent`,
  openCampaign: "Open the campaign",
  importAnother: "Import another file",
  openConversation: "Open the conversation",
  chooseAgain: "Choose a file",
  choose: "Choose a file",
  dropHere: "or drop it here. You see a preview before anything is imported.",
  archiveWords:
    "The file that Export of a campaign makes, up to 1 GB. It has everything: NPCs, locations, secrets, game sessions, all conversations.",
  transcript: "Transcript",
  kindOfFile: "Kind of file",
  making: "Making the file…",
  soFar: (/** @type {string} */ size) => `${size} so far…`,
  saveAgain: "Save it again",
  saveFile: "Save the file",
  exportConversation: "Export this conversation",
  markdown: "Markdown",
  markdownWords: "To read and print: what is on the page, from first to last.",
  jsonLines: "JSON Lines",
  jsonLinesWords: "For other programs: every message of every branch, one a line.",
  exportCampaign: (/** @type {string} */ name) => `Export ${name}`,
  everything: "Everything, as an archive",
  everythingWords:
    "NPCs, locations, secrets, game sessions and all conversations with their branches, in one file that can be imported again, here or elsewhere.",
  allMarkdown: "All conversations as Markdown",
  allMarkdownWords: "To read and print: all conversations, one after another.",
  allJsonLines: "All conversations as JSON Lines",
  speakers: "Who speaks",
  roleOf: (/** @type {string} */ name) => `Role of ${name}`,
  beginning: "First lines",
  noName: "(no name)",
  campaign: "Campaign",
  made: (/** @type {string} */ day) => `made ${day}`,
  nameTaken:
    "You have a campaign of this name, so the date of the import is added to it. You can rename the campaign later.",
  campaignImported: (/** @type {string} */ name) => `“${name}” is imported.`,
  copyImported: (/** @type {string} */ name) => `“${name}” is imported as a copy. The campaign you had is unchanged.`,
  voicesCame: (/** @type {number} */ n) =>
    n === 1
      ? "It has one voice of its own. A voice from a file is not used until you accept it."
      : `It has ${n} voices of its own. A voice from a file is not used until you accept it.`,
  reviewVoices: "Review voices in Settings",
  linksDropped: (/** @type {number} */ n) =>
    n === 1
      ? "One link leads to something that is not in the file and was left out."
      : `${n.toLocaleString()} links lead to things that are not in the file and were left out.`,
  transcriptImported: (/** @type {string} */ title, /** @type {string} */ messages) =>
    `“${title}” is imported as a conversation: ${messages}.`,
  nothingKept: "Nothing of the file was imported.",
  stored: (/** @type {string} */ messages, /** @type {number} */ percent) =>
    `${messages} stored, ${percent} % of the file`,
  transcriptBefore:
    "A conversation from elsewhere, up to 512 MB: chats of SillyTavern and its like, exports of ChatGPT, Claude and Open WebUI, Discord and Foundry logs, subtitles, or plain text with lines like",
  transcriptExample: "Name: what they said",
  transcriptAfter: ". It becomes a conversation in one of your campaigns.",
  saved: (/** @type {string} */ name, /** @type {string} */ size) => `“${name}” (${size}) is in your downloads.`,
  moreSpeakers: (/** @type {number} */ n) =>
    `And ${n.toLocaleString()} more, counted as players. So many speakers can mean that the lines are not “Name: text”.`,
  needsCampaign: "A transcript belongs to a campaign, and you have none yet. The file stays chosen while you make one.",
  makeCampaign: "Make a campaign",
  notAnArchive: (/** @type {string} */ file) =>
    `“${file}” is not a campaign archive, or it is damaged or cut off. Nothing was sent.`,
  newerArchive: (/** @type {string} */ file) =>
    `“${file}” was made by a newer version of this program. Update the program to import it.`,
  cancelled: "Cancelled. Nothing was imported.",
};
