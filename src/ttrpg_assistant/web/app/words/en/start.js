/** Texts of the first screens: an empty chat, an empty table, the list of campaigns, the overview. */
export const start = {
  // The chat while nothing has been said.
  title: "Where to begin",
  firstWords:
    "Load the sample campaign to look around, make a campaign of your own, or import files. You can also just ask something.",
  sample: "Load the sample campaign",
  byHand: "New campaign",
  inSteps: "New campaign, step by step",
  imports: "Import files",
  goOn: (/** @type {string} */ name) => `Go on with ${name}, or ask something.`,
  runs: (/** @type {string} */ name) => `A game session of ${name} is running.`,
  planNext: "Plan the next game session",
  allCampaigns: "All campaigns",
  past: (/** @type {string} */ title) => `Last conversation: ${title}`,
  ask: "Ask something:",
  /** Each of these gives a useful answer on an empty install, with the built-in model. */
  tries: [
    "Roll 2d6+3 for the ambush",
    "Give me three names for a smuggler",
    "Invent a tavern for tonight",
    "Yes or no: do the guards believe them?",
    "What can you do?",
  ],

  // A campaign's table while nothing has been said.
  table: (/** @type {string} */ name) => `At the table of ${name}`,
  tableWords:
    "The chat knows this campaign: its NPCs and locations, its open plot points, and what is noted in this game session.",
  tableNobody: "There is no NPC in this campaign yet.",
  firstNpc: "Write your first NPC",
  askNpcs: "Who are the NPCs in this campaign?",
  askLastTime: "What happened last time?",
  askOpen: "Which plot points are still open?",
  askRoll: "Roll 2d6+3 for the ambush",
  askComplication: "Give me a complication",
  askName: "Give me three names for an innkeeper",

  // A thread while nothing has been said and the built-in model answers: each gives a useful answer.
  triesPlanning: ["Plan the next session", "Give me three complications", "Give me three rumours"],
  triesNpc: ["Give me an NPC", "Give me three names for an innkeeper", "Give me a secret"],
  triesWorld: ["Give me a location", "Invent a tavern for tonight", "Give me three rumours"],
  triesBackground: ["Give me a motive", "Give me a secret", "Is the old enemy still alive? Unlikely"],
  triesCampaign: ["Give me three plot hooks", "Give me an opening for the first session", "Give me a location"],
  triesAnything: ["What can you do?", "Give me three plot hooks", "Yes or no: do the guards believe them?"],
  questionsFirst: "Ask me questions first",
  thinkingOfSome: "Thinking of some…",

  // An NPC's conversation while nothing has been said.
  speakWith: (/** @type {string} */ name) => `Speak with ${name}`,
  about: (/** @type {string} */ name) => `About ${name}`,
  speakWords: (/** @type {string} */ name) =>
    `You speak to ${name}, who answers in their own voice and knows only what they know.`,
  aboutWords: (/** @type {string} */ name) =>
    `Talk about ${name} with the assistant. It knows everything on the sheet, GM-only parts too.`,
  aboutTries: (/** @type {string} */ name) => [
    `What does ${name} want?`,
    `What is ${name} hiding?`,
    `How does ${name} speak?`,
  ],
  speakTries: ["Good evening. What brings you here?", "What have you heard lately?", "Who can I trust in this place?"],

  // The list of campaigns.
  campaigns: "Campaigns",
  steps: "Step by step",
  import: "Import",
  noCampaign: "No campaign yet",
  noCampaignWords:
    "Write down a name, and the assistant knows your campaign from then on: its NPCs, its locations, its secrets, and what happened last time. No model is needed for any of it.",
  sampleWords: "The sample has NPCs, locations, secrets and the notes of a game session. One press removes it again.",
  search: "Search campaigns",
  includeArchived: "Include archived",
  noneByThatName: "No campaign by that name.",
  showAll: "Show all campaigns",
  showArchived: "Show archived campaigns",
  toTheTable: "To the table",
  newHere: "New here?",
  lookAround: "and look around. One press removes it again.",
  isSample: "sample",
  archived: "archived",
  noSystem: "No system yet",
  lastChanged: (/** @type {string} */ day) => `Last changed ${day}`,
  removeSample: "Remove the sample",
  archive: "Archive",
  unarchive: "Unarchive",
  delete: "Delete",
  archiveNamed: (/** @type {string} */ name) => `Archive ${name}`,
  unarchiveNamed: (/** @type {string} */ name) => `Unarchive ${name}`,
  deleteNamed: (/** @type {string} */ name) => `Delete ${name}`,
  retry: "Retry",

  // The overview of a campaign.
  next: "What next",
  nextNpc: "Write your first NPC",
  nextNpcWhy: "A name is enough. You can speak as them at once.",
  nextPlan: (/** @type {number} */ number) => `Plan game session ${number}`,
  nextPlanWhy: "Opens a conversation that knows this campaign.",
  nextModel: "Choose a model",
  nextModelWhy: "The built-in model quotes, rolls and draws. A larger one writes freely.",
  nextStart: (/** @type {number} */ number) => `Start game session ${number}`,
  nextStartWhy: "Goes to the table. The clock runs, and notes belong to it.",
  dismiss: (/** @type {string} */ what) => `Do not suggest “${what}” any more`,
  aboutTitle: "About",
  edit: "Edit",
  write: "Write",
  system: "System",
  setting: "Setting",
  description: "What it is about",
  gmNotes: "GM notes",
  emptyState: "What is true of the world just now: the month, who rules, what the party is known for.",
  emptyRules: "How you play it differently.",
  export: "Export",
  print: "Print",
};
