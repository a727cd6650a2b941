import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { parseDice, roll, rolledWords } from "../../models/dice.js";
import { readRoll } from "../../models/dice_log.js";
import { clock } from "../../models/play_days.js";
import { sentences } from "../../models/sentences.js";
import { recall, remember } from "../../state/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { announce, attempt, toast } from "../../state/notices.js";
import { keepAtTable, listAll, useWritten } from "../../state/table_entries.js";
import { Icon, IconButton } from "../icon.js";

const USUAL = ["d4", "d6", "d8", "d10", "d12", "d20", "d100"];
const OFTEN = [
  ["2d20kh1", "Advantage"],
  ["2d20kl1", "Disadvantage"],
  ["4d6kh3", "Ability"],
];

/** Rolls seen at once; the rest of the log is one press away. */
const FEW = 8;

/** @typedef {{ id: string, at: string, text: string, waits: boolean }} LoggedRoll */

/** Rolled here where no game session is there to keep it. */
const loose = signal(/** @type {LoggedRoll[]} */ ([]));

/**
 * Rolls, and keeps the result in the log of the game session.
 * @param {import("../../state/app.js").App} app @param {any} gameSession @param {string} wanted dice as they are written
 */
async function rollDice(app, gameSession, wanted) {
  const read = parseDice(wanted);
  if (!read) return;
  remember("table.dice", wanted);
  const rolled = roll(read);
  announce(`${rolled.text}: ${rolled.total}`);
  const entry = { id: newId(), at: new Date().toISOString(), text: rolledWords(rolled) };
  const refusal = gameSession && (await keepAtTable(app, gameSession, { kind: "roll", ...entry }));
  if (refusal) toast(sentences(refusal.detail, refusal.cure));
  if (!gameSession || refusal) loose.value = [{ ...entry, waits: false }, ...loose.peek()];
}

/** Rolls what was rolled last on this device once more, a d20 at first. @param {import("../../state/app.js").App} app @param {any} gameSession */
export function rollAgain(app, gameSession) {
  return rollDice(app, gameSession, recall("table.dice", "d20"));
}

/**
 * Dice thrown here, fairly, with the result in figures that are read from afar. What was rolled
 * stays in the log of the game session, on every device.
 * @param {{ gameSession: any }} props
 */
export function Dice({ gameSession }) {
  const app = useApp();
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const [noted, setNoted] = useState(/** @type {readonly string[]} */ ([]));
  const rolls = [...loose.value, ...useLog(gameSession)];
  const dice = parseDice(text);
  const cast = (/** @type {string} */ wanted) => rollDice(app, gameSession, wanted);
  const note = async (/** @type {LoggedRoll} */ { id, text: said }) => {
    const refusal = await keepAtTable(app, gameSession, { kind: "note", id, text: `Rolled ${said}` });
    if (refusal) return toast(sentences(refusal.detail, refusal.cure));
    setNoted((now) => [...now, id]);
    toast("Noted.");
  };
  const drop = (/** @type {LoggedRoll} */ { id }) =>
    attempt(async () => {
      await app.api.delete(`/api/session-events/${id}`);
      toast("The roll is deleted.", { label: "Undo", run: () => app.api.post(`/api/session-events/${id}/restore`) });
    });
  const [newest, ...earlier] = rolls;
  const shown = all ? earlier : earlier.slice(0, FEW);
  return html`<div class="dice">
    <form class="one-line" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      cast(text);
    }}>
      <label class="sr-only" for="dice-text">Dice</label>
      <input id="dice-text" class="field mono" type="text" autocomplete="off" placeholder="2d6+3" value=${text} aria-invalid=${text !== "" && !dice ? "true" : "false"}
        onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      <button type="submit" class="button" disabled=${!dice}><${Icon} name="dices" /> Roll</button>
    </form>
    <div class="dice__usual">
      ${USUAL.map((each) => html`<button type="button" class="button button--small mono" onClick=${() => cast(each)}>${each}</button>`)}
      ${OFTEN.map(([each, name]) => html`<button type="button" class="button button--small" title=${each} onClick=${() => cast(each)}>${name}</button>`)}
    </div>
    ${newest && html`<${Newest} key=${newest.id} roll=${newest} noted=${noted.includes(newest.id)} onNote=${gameSession && (() => note(newest))} />`}
    <ul class="dice__earlier" aria-label="Dice log">${shown.map((each) => {
      const { total, text: said, faces } = readRoll(each.text);
      return html`<li key=${each.id} class="mono"><strong>${total}</strong> <span>${said} <${Faces} faces=${faces} /></span>
        <time class="quiet" datetime=${each.at}>${clock(new Date(each.at))}</time>${each.waits && html`<span class="quiet"><${Icon} name="clock" label="On this device, not saved yet" /></span>`}
        ${gameSession && (noted.includes(each.id) ? html`<span class="quiet">noted</span>` : html`<button type="button" class="link-button" onClick=${() => note(each)}>note it</button>`)}
        ${!each.waits && !loose.value.includes(each) && html`<${IconButton} icon="trash-2" label=${`Delete the roll ${said}`} onClick=${() => drop(each)} />`}</li>`;
    })}</ul>
    ${
      earlier.length > FEW &&
      html`<button type="button" class="link-button" onClick=${() => setAll(!all)}>${all ? "Show fewer rolls" : `Show all ${rolls.length} rolls`}</button>`
    }
    ${!gameSession && loose.value.length > 0 && html`<p class="quiet">Rolls are kept once a game session has been started.</p>`}
  </div>`;
}

/** The rolls of a game session, newest first; those that wait on this device among them. @param {any} gameSession @returns {LoggedRoll[]} */
function useLog(gameSession) {
  const app = useApp();
  const { value } = useFetched(
    async (signal) =>
      gameSession ? listAll(app.api, `/api/game-sessions/${gameSession.id}/events?kind=roll`, "events", signal) : [],
    [gameSession?.id ?? ""],
    ofCampaign(gameSession?.campaign_id ?? ""),
  );
  /** @type {LoggedRoll[]} */
  const stored = (value ?? []).map(({ id, at, text }) => ({ id, at, text, waits: false }));
  const written = useWritten(gameSession, "roll", stored).map(({ entry, waits }) => ({
    id: entry.id,
    at: entry.noted?.at ?? entry.created_at,
    text: entry.content,
    waits,
  }));
  return [...stored, ...written].sort((a, b) => (`${a.at}${a.id}` < `${b.at}${b.id}` ? 1 : -1));
}

/** @param {{ roll: LoggedRoll, noted: boolean, onNote: (() => void) | null }} props */
function Newest({ roll: { text, waits }, noted, onNote }) {
  const { text: said, total, faces } = readRoll(text);
  return html`<div class="dice__newest" data-total=${total}>
    <output class="dice__total mono">${total}</output>
    <p class="mono dice__how">${said} <${Faces} faces=${faces} />${waits && html` <${Icon} name="clock" label="On this device, not saved yet" />`}</p>
    ${
      onNote &&
      html`<button type="button" class="button button--small" disabled=${noted} onClick=${onNote}>
      <${Icon} name=${noted ? "check" : "notebook-pen"} /> ${noted ? "Noted" : "Note it"}</button>`
    }
  </div>`;
}

/** Each face; those that do not count are struck out. @param {{ faces: import("../../models/dice_log.js").Face[] }} props */
function Faces({ faces }) {
  return html`<span class="dice__faces">${faces.map(({ face, counts }) => (counts ? html`<b>${face}</b>` : html`<s>${face}</s>`))}</span>`;
}
