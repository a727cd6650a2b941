import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { readRoll } from "../../models/dice_log.js";
import { clock } from "../../models/play_days.js";
import { sentences } from "../../models/sentences.js";
import { ofCampaign, useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { rollDice, unkept } from "../../state/table/rolling.js";
import { listTables } from "../../state/table/rolling_tables.js";
import { keepAtTable, listAll, useWritten } from "../../state/table/table_entries.js";
import { dice as words } from "../../words/en/dice.js";
import { Icon, IconButton } from "../icon.js";

const USUAL = ["d4", "d6", "d8", "d10", "d12", "d20", "d100"];
const OFTEN = [
  ["2d20kh1", words.advantage],
  ["2d20kl1", words.disadvantage],
  ["4d6kh3", words.ability],
];

/** Random tables offered while one types. */
const OFFERED = 20;

/** Rolls seen at once; the rest of the log is one press away. */
const FEW = 8;

/** @typedef {import("../../state/table/rolling.js").LoggedRoll} LoggedRoll */

/**
 * Dice thrown here, fairly, with the result in figures that are read from afar. What was rolled
 * stays in the log of the game session, on every device.
 * @param {{ campaignId: string, gameSession: any }} props
 */
export function Dice({ campaignId, gameSession }) {
  const app = useApp();
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const [noted, setNoted] = useState(/** @type {readonly string[]} */ ([]));
  const [fault, setFault] = useState("");
  const search = useSettled(text);
  const { value: tables } = useFetched(
    (signal) => listTables(app, campaignId, search, OFFERED, signal),
    [campaignId, search],
    ofCampaign(campaignId),
  );
  const rolls = [...unkept.value, ...useLog(gameSession)];
  const cast = async (/** @type {string} */ wanted) =>
    setFault((await rollDice(app, gameSession, wanted, { campaignId, tables: tables ?? [] })).fault ?? "");
  const note = async (/** @type {LoggedRoll} */ { id, text: said }) => {
    const refusal = await keepAtTable(app, gameSession, { kind: "note", id, text: words.noteText(said) });
    if (refusal) return toast(sentences(refusal.detail, refusal.cure));
    setNoted((now) => [...now, id]);
    toast(words.notedNotice);
  };
  const drop = (/** @type {LoggedRoll} */ { id }) =>
    attempt(async () => {
      await app.api.delete(`/api/session-events/${id}`);
      toast(words.removed, { label: words.undo, run: () => app.api.post(`/api/session-events/${id}/restore`) });
    });
  const type = (/** @type {any} */ event) => {
    setText(event.currentTarget.value);
    setFault("");
  };
  const [newest, ...earlier] = rolls;
  const shown = all ? earlier : earlier.slice(0, FEW);
  return html`<div class="dice">
    <form class="one-line" onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      cast(text);
    }}>
      <label class="sr-only" for="dice-text">${words.field}</label>
      <input id="dice-text" class="field mono" type="text" autocomplete="off" placeholder=${words.placeholder} value=${text} aria-invalid=${fault ? "true" : "false"}
        aria-describedby="dice-fault" list="dice-tables" onInput=${type} />
      <datalist id="dice-tables">${tables?.map(({ id, name }) => html`<option key=${id} value=${name}></option>`)}</datalist>
      <button type="submit" class="button" disabled=${text.trim() === ""}><${Icon} name="dices" /> ${words.roll}</button>
    </form>
    <p class="dice__fault" id="dice-fault" role="alert">${fault}</p>
    <div class="dice__usual">
      ${USUAL.map((each) => html`<button type="button" class="button button--small mono" onClick=${() => cast(each)}>${each}</button>`)}
      ${OFTEN.map(([each, name]) => html`<button type="button" class="button button--small" title=${each} onClick=${() => cast(each)}>${name}</button>`)}
    </div>
    ${newest && html`<${Newest} key=${newest.id} roll=${newest} noted=${noted.includes(newest.id)} onNote=${gameSession && (() => note(newest))} />`}
    <ul class="dice__earlier" aria-label=${words.log}>${shown.map((each) => {
      const { total, text: said, faces } = readRoll(each.text);
      return html`<li key=${each.id} class="mono"><strong>${total}</strong> <span>${said} <${Faces} faces=${faces} /></span>
        <time class="quiet" datetime=${each.at}>${clock(new Date(each.at))}</time>${each.waits && html`<span class="quiet"><${Icon} name="clock" label=${words.notSaved} /></span>`}
        ${gameSession && (noted.includes(each.id) ? html`<span class="quiet">${words.alreadyNoted}</span>` : html`<button type="button" class="link-button" onClick=${() => note(each)}>${words.noteThis}</button>`)}
        ${!each.waits && !unkept.value.includes(each) && html`<${IconButton} icon="trash-2" label=${words.remove(said)} onClick=${() => drop(each)} />`}</li>`;
    })}</ul>
    ${
      earlier.length > FEW &&
      html`<button type="button" class="link-button" onClick=${() => setAll(!all)}>${all ? words.fewer : words.all(rolls.length)}</button>`
    }
    ${!gameSession && unkept.value.length > 0 && html`<p class="quiet">${words.notKept}</p>`}
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
  const [, figure, meaning] = /** @type {RegExpExecArray} */ (/^(-?\d*)(.*)$/s.exec(total));
  return html`<div class="dice__newest" data-total=${total}>
    <output class="dice__total mono">${figure}${meaning && html`<small>${meaning.replace(/^, /, " ")}</small>`}</output>
    <p class="mono dice__how">${said} <${Faces} faces=${faces} />${waits && html` <${Icon} name="clock" label=${words.notSaved} />`}</p>
    ${
      onNote &&
      html`<button type="button" class="button button--small" disabled=${noted} onClick=${onNote}>
      <${Icon} name=${noted ? "check" : "notebook-pen"} /> ${noted ? words.noted : words.note}</button>`
    }
  </div>`;
}

/** Each face; those that do not count are struck out. @param {{ faces: import("../../models/dice_log.js").Face[] }} props */
function Faces({ faces }) {
  return html`<span class="dice__faces">${faces.map(({ face, counts }) => (counts ? html`<b>${face}</b>` : html`<s>${face}</s>`))}</span>`;
}
