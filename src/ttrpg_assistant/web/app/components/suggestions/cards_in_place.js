import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { CardOutlines } from "./card_outline.js";

/**
 * The cards of one block of a message, where the block was, and what of it could not be read. Until
 * the server has said them, their room is held.
 * @param {{ message: import("../../types.js").Message, place: import("../../models/shown_reply.js").CardPlace }} props
 */
export function CardsInPlace({ message, place }) {
  const { suggestions = [], notes_in_place: notes = [] } = message;
  const here = suggestions.filter((each) => each.place === place.place);
  const said = notes.filter((each) => each.place === place.place);
  if (here.length === 0 && said.length === 0) return html`<${CardOutlines} outlines=${place.outlines} />`;
  return html`${said.map(({ note }) => html`<p class="reading-note" key=${note}><${Icon} name="circle-alert" /> ${note}</p>`)}
    ${here.length > 0 && html`<${Cards} suggestions=${here} outlines=${place.outlines} />`}`;
}

/** What draws a card is fetched when the first is needed. @param {{ suggestions: any[], outlines: any[] }} props */
function Cards({ suggestions, outlines }) {
  const app = useApp();
  const [Card, setCard] = useState(() => loaded);
  useEffect(() => {
    if (!loaded) load().then((card) => setCard(() => card));
  }, []);
  if (!Card) return html`<${CardOutlines} outlines=${outlines} />`;
  return html`<div class="cards-in-place">${suggestions.map((each) => html`<${Card} key=${each.id} suggestion=${app.proposals.now(each)} />`)}</div>`;
}

let loaded = /** @type {any} */ (null);

async function load() {
  loaded = (await import("./suggestion_card.js")).SuggestionCard;
  return loaded;
}
