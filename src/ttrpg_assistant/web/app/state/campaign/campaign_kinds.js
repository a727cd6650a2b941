import { campaignKinds as t } from "../../words/en/campaign_kinds.js";

/**
 * What a campaign is made of, described once: cards, sheets, forms and conflicts all read this.
 *
 * How a field is written decides how it is shown and edited:
 * `line` one line · `prose` several · `lines` a list of lines · `secrets` what only the GM knows ·
 * `relations` who they are connected to, and how · `pairs` names and values · `location`, `game_session` one of the
 * campaign's · `related` several of them · `choice` one of `options` · `flag` yes or no.
 *
 * @typedef {"line" | "prose" | "lines" | "secrets" | "relations" | "pairs" | "location" | "game_session" | "related" | "choice" | "flag"} Writing
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
 * @property {string} newTitle what making one is called
 * @property {string} searchTitle what looking for one is called
 * @property {string} unnamed one without a name
 * @property {string} icon
 * @property {"name" | "title"} named which field names it
 * @property {boolean} [pictured] its portrait, or its letters, stand beside its name
 * @property {Field[]} fields
 */

/** @type {Kind} */
const campaign = {
  name: "campaign",
  path: "campaigns",
  plural: "campaigns",
  title: t.campaign,
  titles: t.campaigns,
  newTitle: t.newCampaign,
  searchTitle: t.searchCampaigns,
  unnamed: t.unnamedCampaign,
  icon: "book-open",
  named: "name",
  fields: [
    { name: "name", label: t.name, as: "line", needed: true, first: true },
    { name: "system", label: t.system, as: "line", first: true, hint: t.systemHint },
    { name: "setting", label: t.setting, as: "prose", first: true, hint: t.settingHint },
    { name: "description", label: t.campaignDescription, as: "prose" },
    { name: "gm_notes", label: t.gmNotes, as: "prose", gmOnly: true },
    { name: "world_state", label: t.worldState, as: "pairs" },
    { name: "house_rules", label: t.houseRules, as: "pairs" },
  ],
};

/** @type {Kind} */
const npc = {
  name: "npc",
  path: "npcs",
  plural: "npcs",
  title: t.npc,
  titles: t.npcs,
  newTitle: t.newNpc,
  searchTitle: t.searchNpcs,
  unnamed: t.unnamedNpc,
  icon: "user",
  named: "name",
  pictured: true,
  fields: [
    { name: "name", label: t.name, as: "line", needed: true, first: true },
    { name: "role", label: t.role, as: "line", first: true, hint: t.roleHint },
    {
      name: "voice_card",
      label: t.voiceCard,
      as: "lines",
      hint: t.voiceCardHint,
    },
    { name: "personality", label: t.personality, as: "prose", first: true },
    { name: "speaking_style", label: t.speakingStyle, as: "prose", first: true },
    { name: "sample_lines", label: t.sampleLines, as: "lines" },
    { name: "mannerisms", label: t.mannerisms, as: "lines" },
    { name: "never_says", label: t.neverSays, as: "lines" },
    { name: "appearance", label: t.appearance, as: "prose" },
    { name: "background", label: t.background, as: "prose" },
    { name: "motivations", label: t.motivations, as: "prose" },
    { name: "connections", label: t.connections, as: "relations" },
    { name: "location_id", label: t.location, as: "location" },
    { name: "status", label: t.status, as: "line", hint: t.statusHint },
    { name: "is_present", label: t.inScene, as: "flag" },
    { name: "groups", label: t.groups, as: "lines", hint: t.groupsHint },
    { name: "aliases", label: t.aliases, as: "lines" },
    { name: "secrets", label: t.secrets, as: "secrets", gmOnly: true, first: true },
    { name: "gm_notes", label: t.gmNotes, as: "prose", gmOnly: true },
  ],
};

/** @type {Kind} */
const location = {
  name: "location",
  path: "locations",
  plural: "locations",
  title: t.location,
  titles: t.locations,
  newTitle: t.newLocation,
  searchTitle: t.searchLocations,
  unnamed: t.unnamedLocation,
  icon: "map-pin",
  named: "name",
  pictured: true,
  fields: [
    { name: "name", label: t.name, as: "line", needed: true, first: true },
    { name: "kind", label: t.kind, as: "line", first: true, hint: t.kindHint },
    { name: "description", label: t.description, as: "prose", first: true },
    { name: "features", label: t.features, as: "lines" },
    { name: "parent_id", label: t.parent, as: "location" },
    { name: "is_present", label: t.partyIsHere, as: "flag" },
    { name: "aliases", label: t.aliases, as: "lines" },
    { name: "secrets", label: t.secrets, as: "secrets", gmOnly: true, first: true },
    { name: "gm_notes", label: t.gmNotes, as: "prose", gmOnly: true },
  ],
};

/** How far a plot point has come: only what happened at the table is canon. @type {[string, string][]} */
export const PLOT_STEPS = [
  ["idea", t.plotIdea],
  ["prepped", t.plotPrepped],
  ["happened", t.plotHappened],
  ["retconned", t.plotRetconned],
];

/** @type {Kind} */
const plotPoint = {
  name: "plot_point",
  path: "plot-points",
  plural: "plot_points",
  title: t.plotPoint,
  titles: t.plotPoints,
  newTitle: t.newPlotPoint,
  searchTitle: t.searchPlotPoints,
  unnamed: t.unnamedPlotPoint,
  icon: "scroll-text",
  named: "title",
  fields: [
    { name: "title", label: t.title, as: "line", needed: true, first: true },
    { name: "description", label: t.happens, as: "prose", first: true },
    { name: "status", label: t.status, as: "choice", options: PLOT_STEPS, first: true },
    { name: "is_open", label: t.stillOpen, as: "flag" },
    {
      name: "audience",
      label: t.audience,
      as: "choice",
      options: [
        ["gm", t.audienceGm],
        ["public", t.audienceEveryone],
      ],
      first: true,
    },
    { name: "game_session_id", label: t.gameSession, as: "game_session" },
    { name: "related", label: t.about, as: "related" },
    { name: "gm_notes", label: t.gmNotes, as: "prose", gmOnly: true },
  ],
};

/** @type {Kind} */
const gameSession = {
  name: "game_session",
  path: "game-sessions",
  plural: "game_sessions",
  title: t.gameSession,
  titles: t.gameSessions,
  newTitle: t.newGameSession,
  searchTitle: t.searchGameSessions,
  unnamed: t.gameSession,
  icon: "swords",
  named: "title",
  fields: [
    { name: "title", label: t.title, as: "line", first: true, hint: t.titleHint },
    { name: "plan", label: t.plan, as: "prose", gmOnly: true, first: true },
    { name: "recap_players", label: t.recapPlayers, as: "prose" },
    { name: "recap_gm", label: t.recapGm, as: "prose", gmOnly: true },
  ],
};

/** @type {Record<KindName, Kind>} */
export const KINDS = { campaign, npc, location, plot_point: plotPoint, game_session: gameSession };

/** What a thing is called. @param {Kind} kind @param {any} entity */
export function nameOf(kind, entity) {
  if (kind.name === "game_session") {
    return entity.title ? `${entity.session_number} · ${entity.title}` : t.gameSessionNumber(entity.session_number);
  }
  return entity[kind.named] || kind.unnamed;
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
