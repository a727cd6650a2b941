export const settings = {
  theme: "Theme",
  textSize: "Text size",
  loading: "Loading…",
  signedOut: (/** @type {string} */ device) => `${device} is signed out.`,
  othersSignedOut: "Every other device is signed out.",
  allSignedOut: "Every device is signed out.",
  askSignOutThis: "Sign this device out?",
  askSignOut: (/** @type {string} */ device) => `Sign out ${device}?`,
  signInAgain: "To sign in again, open the link printed where the assistant was started.",
  signOutWords:
    "It can no longer read or write here. To sign in again, it needs the link printed where the assistant was started.",
  signOut: "Sign out",
  askSignOutAll: "Sign out everywhere?",
  signOutAllWords: "This device too. To sign in again, open the link printed where the assistant was started.",
  signOutAll: "Sign out everywhere",
  devicesWords:
    "Browsers that may read and write here. A browser that is not used for 30 days is signed out automatically.",
  signOutNamed: (/** @type {string} */ device, /** @type {string} */ facts) => `Sign out ${device}, ${facts}`,
  signOutOthers: "Sign out everywhere else",
  linkWords:
    "The link in the terminal works until the assistant is started again. A fixed TTRPG_TOKEN works until it is changed.",
  deviceFacts: (/** @type {string} */ added, /** @type {string} */ seen, /** @type {string} */ time) =>
    `added ${added}, last used ${seen} at ${time}`,
  filesWords:
    "Import a campaign from an archive, or a transcript as a conversation. To export, open a campaign and choose Export, or use the menu of a conversation.",
  importFile: "Import a file",
  byModel: "The model in use",
  byBuiltIn: "The built-in model",
  byNobody: "Nobody",
  summariesWords:
    "When a conversation is longer than the model can read at once, it reads summaries of the older messages. A model of a provider writes them in the background, which costs a little; the built-in model picks out sentences.",
  summarisedBy: "Older messages are summarised by",
  meaningWords:
    "Old messages that matter for a question are found by keyword. By meaning, “Who does she write to?” also finds the letters to her dead brother.",
  byMeaning: "Also search old messages by meaning",
  installWords:
    "It needs a small model that is not installed yet, about 100 MB to download. It is downloaded when you press Install, never by itself, and then runs on this machine only.",
  install: "Install",
  installProgress: "Installing search by meaning",
  downloading: (/** @type {number} */ done, /** @type {number} */ of) => `Downloading: ${done} MB of about ${of} MB.`,
  installingNow: "Installing what was downloaded.",
  stopInstall: "Stop",
  installByHand:
    "Or run this command in a terminal on the machine where the assistant runs, then start the assistant again.",
  copyCommand: "Copy the command",
  meaningOff: (/** @type {string} */ model) =>
    `It runs on this machine only (${model}, mainly English) and takes a few minutes to read what is there.`,
  meaningWaiting: (/** @type {string} */ count) =>
    `${count} messages are still to be read. Your conversations come first.`,
  meaningDone: "Every message has been read.",
  noRemovals: "Nothing. What you clear or delete appears here for thirty days and can be restored.",
  restored: "Restored.",
  restore: "Restore",
  noSpending: "Nothing yet. The tokens and cost of answers are added up here for each month.",
  spendingWords:
    "Tokens as the provider counts them; the built-in model costs nothing and is left out. Costs come from the prices set for each model; what your provider charges may differ.",
  available: "Everything is being saved.",
  degraded: "There is trouble with saving.",
  unavailable: "Nothing can be saved at the moment.",
  probeSaved: "A test message was saved.",
  size: "Size",
  file: "File",
  onDevice: "On this device only",
  nothingWaiting: "No messages are waiting.",
  waiting: (/** @type {number} */ n) =>
    n === 1 ? "1 message is waiting to be saved" : `${n} messages are waiting to be saved`,
  probe: "Test saving",
  backups: "Backups",
  backupDaily: (/** @type {number} */ n) =>
    n === 1
      ? "The server makes a backup of everything once a day and keeps the newest."
      : `The server makes a backup of everything once a day and keeps the newest ${n}.`,
  backupOff: "Daily backups are turned off (TTRPG_BACKUPS_KEPT is 0).",
  backupFailed: (/** @type {string} */ moment) => `The last backup failed ${moment}.`,
  lastBackup: "Last good backup",
  noBackup: "None yet",
  backupMoment: (/** @type {string} */ day, /** @type {string} */ time) => `${day} at ${time}`,
  backupFacts: (/** @type {string} */ moment, /** @type {string} */ size, /** @type {number} */ pictures) =>
    pictures === 0
      ? `${moment}, ${size}`
      : pictures === 1
        ? `${moment}, ${size} and 1 picture`
        : `${moment}, ${size} and ${pictures} pictures`,
  backupFolder: "Folder",
  backUpNow: "Back up now",
  backingUp: "Backing up…",
  backedUp: "The backup was made and read through.",
  backupRestore: "To bring a backup back, stop the server and run “ttrpg-assistant restore” with the path of its file.",
  voiceNotAccepted: (/** @type {string} */ name) => `${name} (not accepted yet)`,
  changeVoices: "Change or add voices",
  thisDevice: (/** @type {string} */ device) => `${device} (this device)`,
  voicesWords: "A voice is how the assistant writes in a thread. Choose it at the top of the thread.",
  voiceList: (/** @type {string} */ names) => `There are: ${names}.`,
  model: "Model",
  tokensAndCost: "Tokens and cost",
  voices: "Voices",
  olderMessages: "Older messages",
  appearance: "Appearance",
  removed: "Recently removed",
  importExport: "Import and export",
  devices: "Devices",
  storage: "Storage",
  title: "Settings",
  system: "Same as the system",
  light: "Light",
  dark: "Dark",
};
