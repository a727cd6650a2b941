/**
 * What a campaign is made of, described once: cards, sheets, forms and conflicts all read this.
 *
 * How a field is written decides how it is shown and edited:
 * `line` one line · `prose` several · `lines` a list of lines · `secrets` what only the GM knows ·
 * `relations` to whom it stands how · `pairs` names and values · `place`, `evening` one of the
 * campaign's · `related` several of them · `choice` one of `options` · `flag` yes or no.
 *
 * @typedef {"line" | "prose" | "lines" | "secrets" | "relations" | "pairs" | "place" | "evening" | "related" | "choice" | "flag"} Writing
 *
 * @typedef {object} Field
 * @property {string} name as the server calls it
 * @property {string} label
 * @property {Writing} as
 * @property {boolean} [gmOnly] for the game master's eyes only
 * @property {boolean} [needed]
 * @property {boolean} [first] part of the short form that makes a new one
 * @property {string} [hint]
 * @property {[string, string][]} [options] values and their words
 *
 * @typedef {"campaign" | "npc" | "location" | "plot_point" | "game_session"} KindName
 *
 * @typedef {object} Kind
 * @property {KindName} name
 * @property {string} path of its list under /api
 * @property {string} plural as lists are answered
 * @property {string} title one of them
 * @property {string} titles several of them
 * @property {string} icon
 * @property {"name" | "title"} named which field names it
 * @property {Field[]} fields
 */

/** @type {Kind} */
const campaign = {
  name: "campaign",
  path: "campaigns",
  plural: "campaigns",
  title: "Campaign",
  titles: "Campaigns",
  icon: "book-open",
  named: "name",
  fields: [
    { name: "name", label: "Name", as: "line", needed: true, first: true },
    { name: "system", label: "System", as: "line", first: true, hint: "The rules you play by" },
    { name: "setting", label: "Setting", as: "prose", first: true, hint: "Where and when it plays" },
    { name: "description", label: "What it is about", as: "prose" },
    { name: "gm_notes", label: "GM notes", as: "prose", gmOnly: true },
    { name: "world_state", label: "World state", as: "pairs" },
    { name: "house_rules", label: "House rules", as: "pairs" },
  ],
};

/** @type {Kind} */
const npc = {
  name: "npc",
  path: "npcs",
  plural: "npcs",
  title: "NPC",
  titles: "NPCs",
  icon: "user",
  named: "name",
  fields: [
    { name: "name", label: "Name", as: "line", needed: true, first: true },
    { name: "role", label: "Role", as: "line", first: true, hint: "What they are to the story" },
    {
      name: "voice_card",
      label: "Voice card",
      as: "lines",
      hint: "Three lines at most: what you glance at before you speak as them",
    },
    { name: "personality", label: "Personality", as: "prose", first: true },
    { name: "speaking_style", label: "How they speak", as: "prose", first: true },
    { name: "sample_lines", label: "Lines they might say", as: "lines" },
    { name: "mannerisms", label: "Mannerisms", as: "lines" },
    { name: "never_says", label: "Never says", as: "lines" },
    { name: "appearance", label: "Appearance", as: "prose" },
    { name: "background", label: "Background", as: "prose" },
    { name: "motivations", label: "What they want", as: "prose" },
    { name: "connections", label: "Connections", as: "relations" },
    { name: "location_id", label: "Where they are", as: "place" },
    { name: "status", label: "Status", as: "line", hint: "Alive, missing, sworn in …" },
    { name: "is_present", label: "In the scene now", as: "flag" },
    { name: "groups", label: "Groups", as: "lines", hint: "Who they belong with; what a group knows, they know" },
    { name: "aliases", label: "Other names", as: "lines" },
    { name: "secrets", label: "Secrets", as: "secrets", gmOnly: true, first: true },
    { name: "gm_notes", label: "GM notes", as: "prose", gmOnly: true },
  ],
};

/** @type {Kind} */
const location = {
  name: "location",
  path: "locations",
  plural: "locations",
  title: "Place",
  titles: "Places",
  icon: "map-pin",
  named: "name",
  fields: [
    { name: "name", label: "Name", as: "line", needed: true, first: true },
    { name: "kind", label: "What it is", as: "line", first: true, hint: "Inn, forest, ruined keep …" },
    { name: "description", label: "Description", as: "prose", first: true },
    { name: "features", label: "Features", as: "lines" },
    { name: "parent_id", label: "Lies in", as: "place" },
    { name: "is_present", label: "The party is here now", as: "flag" },
    { name: "aliases", label: "Other names", as: "lines" },
    { name: "secrets", label: "Secrets", as: "secrets", gmOnly: true, first: true },
    { name: "gm_notes", label: "GM notes", as: "prose", gmOnly: true },
  ],
};

/** How far a plot point has come: only what happened at the table is canon. @type {[string, string][]} */
export const PLOT_STEPS = [
  ["idea", "Idea"],
  ["prepped", "Prepped"],
  ["happened", "Happened"],
  ["retconned", "Taken back"],
];

/** @type {Kind} */
const plotPoint = {
  name: "plot_point",
  path: "plot-points",
  plural: "plot_points",
  title: "Plot point",
  titles: "Plot",
  icon: "scroll-text",
  named: "title",
  fields: [
    { name: "title", label: "Title", as: "line", needed: true, first: true },
    { name: "description", label: "What happens", as: "prose", first: true },
    { name: "status", label: "How far it has come", as: "choice", options: PLOT_STEPS, first: true },
    { name: "is_open", label: "Still open", as: "flag" },
    {
      name: "audience",
      label: "Who may know",
      as: "choice",
      options: [
        ["gm", "Only the GM"],
        ["public", "Everyone"],
      ],
      first: true,
    },
    { name: "game_session_id", label: "Game session", as: "evening" },
    { name: "related", label: "About", as: "related" },
    { name: "gm_notes", label: "GM notes", as: "prose", gmOnly: true },
  ],
};

/** @type {Kind} */
const gameSession = {
  name: "game_session",
  path: "game-sessions",
  plural: "game_sessions",
  title: "Game session",
  titles: "Game sessions",
  icon: "swords",
  named: "title",
  fields: [
    { name: "title", label: "Title", as: "line", first: true, hint: "Numbered automatically" },
    { name: "plan", label: "Plan", as: "prose", gmOnly: true, first: true },
    { name: "recap_players", label: "Recap for the players", as: "prose" },
    { name: "recap_gm", label: "Recap for the GM", as: "prose", gmOnly: true },
  ],
};

/** @type {Record<KindName, Kind>} */
export const KINDS = { campaign, npc, location, plot_point: plotPoint, game_session: gameSession };

/** What a thing is called. @param {Kind} kind @param {any} entity */
export function nameOf(kind, entity) {
  if (kind.name === "game_session") {
    return entity.title ? `${entity.session_number} · ${entity.title}` : `Game session ${entity.session_number}`;
  }
  return entity[kind.named] || `A ${kind.title.toLowerCase()} without a name`;
}

/** Whether a thing as a whole is for the game master's eyes only. @param {Kind} kind @param {any} entity */
export function isSecret(kind, entity) {
  return kind.name === "plot_point" && entity.audience === "gm";
}

/** The address of one thing. @param {Kind} kind @param {any} entity */
export function pathOf(kind, entity) {
  if (kind.name === "campaign") return `/campaigns/${entity.id}`;
  if (kind.name === "npc") return `/npcs/${entity.id}`;
  return `/campaigns/${entity.campaign_id}?part=${kind.plural}&show=${entity.id}`;
}
