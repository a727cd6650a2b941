import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { parseDice, roll, rolledWords } from "../../models/dice.js";
import { useDesk } from "../../state/desk.js";
import { announce, attempt, toast } from "../../state/notices.js";
import { Icon } from "../icon.js";

const USUAL = ["d4", "d6", "d8", "d10", "d12", "d20", "d100"];
const OFTEN = [
  ["2d20kh1", "Advantage"],
  ["2d20kl1", "Disadvantage"],
  ["4d6kh3", "Ability"],
];
const KEPT = 8;

/** Dice thrown here, fairly, with the result in figures that are read from afar. @param {{ gameSession: any }} props */
export function Dice({ gameSession }) {
  const { api } = useDesk();
  const [text, setText] = useState("");
  const [rolls, setRolls] = useState(
    /** @type {{ id: string, rolled: import("../../models/dice.js").Rolled, noted: boolean }[]} */ ([]),
  );
  const dice = parseDice(text);
  const cast = (/** @type {string} */ wanted) => {
    const read = parseDice(wanted);
    if (!read) return;
    const rolled = roll(read);
    announce(`${rolled.text}: ${rolled.total}`);
    setRolls([{ id: newId(), rolled, noted: false }, ...rolls].slice(0, KEPT));
  };
  const note = (/** @type {string} */ id) =>
    attempt(async () => {
      const found = rolls.find((each) => each.id === id);
      if (!found || !gameSession) return;
      await api.post(`/api/game-sessions/${gameSession.id}/notes`, {
        id,
        text: `Rolled ${rolledWords(found.rolled)}`,
        gm_only: true,
      });
      setRolls((now) => now.map((each) => (each.id === id ? { ...each, noted: true } : each)));
      toast("Noted.");
    });
  const [newest, ...earlier] = rolls;
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
    ${
      newest &&
      html`<div class="dice__newest" data-total=${newest.rolled.total}>
      <output class="dice__total mono">${newest.rolled.total}</output>
      <p class="mono dice__how">${newest.rolled.text} <${Faces} rolled=${newest.rolled} /></p>
      ${
        gameSession &&
        html`<button type="button" class="button button--small" disabled=${newest.noted} onClick=${() => note(newest.id)}>
        <${Icon} name=${newest.noted ? "check" : "notebook-pen"} /> ${newest.noted ? "Noted" : "Note it"}</button>`
      }
    </div>`
    }
    <ul class="dice__earlier">${earlier.map(
      ({
        id,
        rolled,
        noted,
      }) => html`<li key=${id} class="mono"><strong>${rolled.total}</strong> <span>${rolled.text} <${Faces} rolled=${rolled} /></span>
      ${gameSession && (noted ? html`<span class="quiet">noted</span>` : html`<button type="button" class="link-button" onClick=${() => note(id)}>note it</button>`)}</li>`,
    )}</ul>
  </div>`;
}

/** Each face; those that do not count are struck out. @param {{ rolled: import("../../models/dice.js").Rolled }} props */
function Faces({ rolled }) {
  return html`<span class="dice__faces">${rolled.parts.map(({ rolled: faces, kept }) => faces.map((face, at) => (kept[at] ? html`<b>${face}</b>` : html`<s>${face}</s>`)))}</span>`;
}
