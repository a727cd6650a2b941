import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";

/**
 * What a message proposes and cites, under it. The cards are fetched when the first are needed.
 *
 * @param {{ message: import("../../types.js").Message, shared: boolean }} props `shared`: it was said before this branch began
 */
export function Proposed({ message, shared }) {
  const [Cards, setCards] = useState(() => loaded);
  useEffect(() => {
    if (!loaded) load().then((part) => setCards(() => part));
  }, []);
  return html`<div class="message__proposed">${Cards && html`<${Cards} message=${message} shared=${shared} />`}</div>`;
}

let loaded = /** @type {any} */ (null);

async function load() {
  loaded = (await import("./message_cards.js")).MessageCards;
  return loaded;
}
