/** Tokens of other programs, and what these propose. */
export const tokens = {
  title: "Other tools",
  words:
    "A token lets another program (Claude, Foundry, SillyTavern …) ask about one campaign. It can suggest changes, which you accept or reject, and add notes to a running game session; it cannot accept, change or delete anything.",
  none: "No tokens yet.",
  name: "Name of the tool",
  nameHint: "What uses it: “Foundry at home”",
  campaign: "Campaign",
  noCampaign: "Create a campaign first.",
  may: "It may",
  /** @type {[scope: string, label: string][]} */
  scopes: [
    ["read:players", "Read what the party may see"],
    ["read:gm", "Read everything, secrets too"],
    ["propose", "Suggest changes, add notes at the table"],
    ["talk", "Talk with NPCs"],
  ],
  create: "Create token",
  shownOnce: (/** @type {string} */ name) => `The token “${name}” is shown only now. Copy it to where it is needed.`,
  secret: "Token",
  copy: "Copy the token",
  done: "Done",
  facts: (/** @type {string} */ campaign, /** @type {string} */ scopes, /** @type {string} */ used) =>
    `${campaign} · ${scopes} · ${used}`,
  neverUsed: "never used",
  lastUsed: (/** @type {string} */ day, /** @type {string} */ time) => `last used ${day} at ${time}`,
  revoke: "Revoke",
  revokeNamed: (/** @type {string} */ name) => `Revoke ${name}`,
  askRevoke: (/** @type {string} */ name) => `Revoke the token “${name}”?`,
  revokeWords: "The program that uses it is refused from then on. What it suggested stays.",
  revoked: (/** @type {string} */ name) => `“${name}” is revoked.`,
  fromTools: "From other tools",
  from: (/** @type {string} */ source) => `From ${source}`,
  more: (/** @type {number} */ count) => `The first ${count} are shown. Decide on some to see the next.`,
};
