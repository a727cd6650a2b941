import { PHRASES, actionFor, readAsked } from "../../models/palette_words.js";
import { sentences } from "../../models/sentences.js";
import { navigate } from "../../router.js";
import { palette as words } from "../../words/en/palette.js";
import { makeOne } from "../campaign/campaign_actions.js";
import { THINGS, pathOf } from "../campaign/campaign_kinds.js";
import { recall } from "../campaign/campaign_last.js";
import { activeChat, npcTalk } from "../conversations/conversation_openers.js";
import { makeThread } from "../conversations/conversation_actions.js";
import { campaignToExport } from "../files/exporting.js";
import { announce, toast } from "../notices.js";
import { rememberMode } from "../talk/npc_mode.js";
import { findPlace, forgetPlace } from "./palette_place.js";
import { nextGameSession, planNext } from "../table/plan_session.js";
import { rollDice } from "../table/rolling.js";
import { send } from "../talk/sending.js";
import { keepAtTable } from "../table/table_entries.js";

/**
 * What the palette can do: each is found by the words a game master would type, takes what is typed
 * after them, and is offered only where it can be done.
 *
 * @typedef {import("../app.js").App} App
 * @typedef {import("./palette.js").Command} Command
 * @typedef {import("./palette_place.js").RunningGameSession} RunningGameSession
 * @typedef {import("../../models/palette_words.js").ActionName} ActionName
 * @typedef {{ id: string, name: string }} Campaign
 */

/** So many NPCs are offered to speak as. */
const MOST_SPEAKERS = 6;

/** As long as a name may be. */
const LONGEST_NAME = 200;

/** @param {App} app @param {string} query @returns {Promise<Command[]>} */
export async function offerActions(app, query) {
  const asked = readAsked(query);
  const { campaign, running } = await findPlace(app);
  /** @type {Offer} */
  const offer = (name, command, id = `do-${name}`) => ({
    ...command,
    id,
    isMeant: asked?.name === name,
    also: asked?.name === name ? query : PHRASES[name].join(" "),
  });
  const rest = (/** @type {ActionName} */ name) => (asked?.name === name ? asked.rest : "");
  return [
    ...offerNote(app, running, rest("note"), offer),
    offerRoll(app, running, rest("roll"), offer),
    offerAsk(app, campaign, rest("ask"), offer),
    ...(campaign ? offerInCampaign(app, campaign, running, rest, offer) : []),
    ...(campaign && query.trim() !== "" ? partsOf(campaign) : []),
    ...(running
      ? [
          offer("end", {
            label: words.end(running.session_number),
            hint: running.campaign_name,
            icon: "square",
            run: () => end(app, running),
          }),
        ]
      : []),
    ...(await offerSpeakers(app, campaign, rest("speakAs"), offer)),
  ];
}

/** @typedef {(name: ActionName, command: Omit<Command, "id" | "also">, id?: string) => Command} Offer */

/** What it takes is typed after these words. @param {ActionName} name */
function fillWith(name) {
  return `${PHRASES[name][0]} `;
}

/** @param {App} app @param {RunningGameSession | null} at @param {string} text @param {Offer} offer */
function offerNote(app, at, text, offer) {
  if (!at) return [];
  const gmOnly = recall("note-gm-only", true);
  const hint = words.noteWhere(at.session_number, gmOnly);
  if (text === "") return [offer("note", { label: words.note, hint, icon: "notebook-pen", fill: fillWith("note") })];
  const note = async () => {
    const refusal = await keepAtTable(app, at, { kind: "note", text, gmOnly });
    toast(refusal ? sentences(refusal.detail, refusal.cure) : words.noted(at.session_number));
  };
  return [offer("note", { label: words.noteThis(text), hint, icon: "notebook-pen", run: note })];
}

/** @param {App} app @param {RunningGameSession | null} at @param {string} dice @param {Offer} offer */
function offerRoll(app, at, dice, offer) {
  const hint = at ? words.rollKept(at.session_number) : words.rollLoose;
  if (dice === "") return offer("roll", { label: words.roll, hint, icon: "dices", fill: fillWith("roll") });
  const roll = async () => {
    // Which game session runs may have become known since this was offered.
    const { fault, text } = await rollDice(app, at ?? (await findPlace(app)).running, dice);
    toast(fault ?? text);
  };
  return offer("roll", { label: words.rollThis(dice), hint, icon: "dices", run: roll });
}

/** @param {App} app @param {Campaign | null} campaign @param {string} question @param {Offer} offer */
function offerAsk(app, campaign, question, offer) {
  const hint = campaign ? words.askIn(campaign.name) : words.askQuick;
  if (question === "") return offer("ask", { label: words.ask, hint, icon: "message-square", fill: fillWith("ask") });
  const ask = async () => {
    // As with a roll: an answer that was lost must not lead the question into another chat.
    const campaignId = (campaign ?? (await findPlace(app)).campaign)?.id ?? null;
    const chat = await activeChat(campaignId).open(app.api);
    const refusal = await send(app, { conversationId: chat.id, campaignId, kind: "chat", content: question });
    if (refusal) return toast(sentences(refusal.detail, refusal.cure));
    navigate(campaignId ? `/session/${campaignId}?chat=open` : "/chat");
  };
  return offer("ask", { label: words.askThis(question), hint, icon: "message-square", run: ask });
}

/**
 * @param {App} app @param {Campaign} campaign @param {RunningGameSession | null} running
 * @param {(name: ActionName) => string} rest @param {Offer} offer
 */
function offerInCampaign(app, campaign, running, rest, offer) {
  const hint = words.at(campaign.name);
  const title = rest("newThread").slice(0, LONGEST_NAME);
  const thread = async () => {
    const { id } = await makeThread(app, { purpose: "general", campaign_id: campaign.id, title });
    navigate(`/session/${campaign.id}?thread=${id}`);
  };
  return [
    ...THINGS.map((kind) => {
      const name = actionFor(kind);
      const called = rest(name).slice(0, LONGEST_NAME);
      if (called === "")
        return offer(name, { label: words.newThing(kind.noun), hint, icon: kind.icon, fill: fillWith(name) });
      const make = async () => navigate(pathOf(kind, await makeOne(app, kind, campaign.id, { [kind.named]: called })));
      return offer(name, { label: words.newThingNamed(kind.noun, called), hint, icon: kind.icon, run: make });
    }),
    title === ""
      ? offer("newThread", { label: words.newThread, hint, icon: "messages-square", fill: fillWith("newThread") })
      : offer("newThread", { label: words.newThreadNamed(title), hint, icon: "messages-square", run: thread }),
    offer(
      "plan",
      {
        label: rest("plan") ? words.planThis(rest("plan")) : words.plan,
        hint,
        icon: "notebook-pen",
        run: () => plan(app, campaign, rest("plan")),
      },
      "plan-session",
    ),
    ...(running ? [] : [offer("start", { label: words.start, hint, icon: "play", run: () => start(app, campaign) })]),
    offer("exportCampaign", {
      label: words.exportCampaign(campaign.name),
      icon: "download",
      run: () => (campaignToExport.value = campaign),
    }),
  ];
}

/** The lists of a campaign, and the picture of its relations. @param {Campaign} campaign @returns {Command[]} */
function partsOf({ id, name }) {
  const part = (/** @type {string} */ part, /** @type {string} */ label, /** @type {string} */ icon, also = "") => ({
    id: `part-${part}`,
    label,
    hint: words.at(name),
    icon,
    also,
    run: () => navigate(`/campaigns/${id}?part=${part}`),
  });
  return [
    ...THINGS.map(({ listName, titles, icon }) => part(listName, titles, icon)),
    part("relations", words.relations, "link", words.relationsAlso),
  ];
}

/**
 * An NPC to speak as; what is typed after a colon is said to it at once.
 * @param {App} app @param {Campaign | null} campaign @param {string} typed @param {Offer} offer @returns {Promise<Command[]>}
 */
async function offerSpeakers(app, campaign, typed, offer) {
  if (!campaign) return [];
  const [name, content] = partedAtColon(typed);
  if (name === "")
    return [
      offer("speakAs", {
        label: words.speakAs,
        hint: words.at(campaign.name),
        icon: "theater",
        fill: fillWith("speakAs"),
      }),
    ];
  const query = new URLSearchParams({ limit: String(4 * MOST_SPEAKERS), near: campaign.id, q: name });
  const { named } = await app.api.get(`/api/names?${query}`);
  const npcs = named.filter((/** @type {any} */ hit) => hit.kind === "npc" && hit.campaign_id);
  return npcs.slice(0, MOST_SPEAKERS).map((/** @type {any} */ hit) =>
    offer(
      "speakAs",
      {
        label: content ? words.sayTo(hit.name, content) : words.speakAsThis(hit.name),
        hint: words.at(hit.campaign_name ?? campaign.name),
        icon: "theater",
        run: () => speakAs(app, hit, content),
      },
      `speak-as-${hit.id}`,
    ),
  );
}

/** @param {string} typed @returns {[name: string, content: string]} */
function partedAtColon(typed) {
  const at = typed.indexOf(":");
  return at < 0 ? [typed, ""] : [typed.slice(0, at).trim(), typed.slice(at + 1).trim()];
}

/** @param {App} app @param {{ id: string, campaign_id: string }} npc @param {string} content */
async function speakAs(app, { id, campaign_id: campaignId }, content) {
  rememberMode(id, "as");
  if (content) {
    const talk = await npcTalk(id, campaignId).open(app.api);
    const refusal = await send(app, { conversationId: talk.id, campaignId, kind: "npc", mode: "as", content });
    if (refusal) return toast(sentences(refusal.detail, refusal.cure));
  }
  navigate(`/session/${campaignId}?npc=${id}`);
}

/** Opens the thread that plans the next game session; what is typed is asked in it at once. @param {App} app @param {Campaign} campaign @param {string} content */
async function plan(app, { id: campaignId }, content) {
  const { id } = await planNext(app, campaignId);
  if (content) {
    const refusal = await send(app, { conversationId: id, campaignId, kind: "thread", content });
    if (refusal) return toast(sentences(refusal.detail, refusal.cure));
  }
  navigate(`/session/${campaignId}?thread=${id}`);
}

/** Starts the next one that is planned, a new one where there is none. @param {App} app @param {Campaign} campaign */
async function start(app, campaign) {
  const { id } = await nextGameSession(app, campaign.id);
  await app.api.post(`/api/game-sessions/${id}/start`);
  forgetPlace();
  navigate(`/session/${campaign.id}`);
}

/** @param {App} app @param {RunningGameSession} running */
async function end(app, { id, session_number: number, campaign_id: campaignId }) {
  await app.api.post(`/api/game-sessions/${id}/end`);
  forgetPlace();
  announce(words.ended(number));
  toast(words.ended(number), { label: words.writeRecap, run: () => navigate(`/session/${campaignId}`) });
}
