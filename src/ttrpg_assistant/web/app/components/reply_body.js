import { render } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { toMarkup } from "../markdown.js";
import { drawnMessage, layOut } from "../models/shown_reply.js";
import { follow } from "../links.js";
import { AppContext, useApp } from "../state/app.js";
import { proposals as words } from "../words/en/proposals.js";
import { GrowingMarkdown } from "./growing_markdown.js";
import { PhaseLine } from "./talk/phase_line.js";
import { CardOutlines } from "./suggestions/card_outline.js";
import { CardsInPlace } from "./suggestions/cards_in_place.js";

/** A text that is whole. @param {{ text: string, citations?: import("../models/named_sources.js").Source[] }} props */
export function Prose({ text, citations }) {
  return html`<${Rendered} markup=${toMarkup(text, citations)} />`;
}

/** @param {{ markup: string, element?: import("preact").Ref<HTMLElement> }} props */
function Rendered({ markup, element }) {
  return html`<div class="prose" ref=${element} onClick=${follow} onAuxClick=${follow} dangerouslySetInnerHTML=${{ __html: markup }}></div>`;
}

/**
 * A whole message. What it proposes is drawn where it proposes it.
 * @param {{ message: import("../types.js").Message }} props
 */
export function MessageProse({ message }) {
  const citations = message.role === "assistant" ? (message.citations ?? []) : undefined;
  const { text, places } = drawnMessage(message);
  if (places.length === 0) return html`<${Prose} text=${text} citations=${citations} />`;
  const markup = toMarkup(
    text,
    citations,
    places.map(({ at }, name) => ({ at, name })),
  );
  return html`<${ProseWithCards} key=${markup} markup=${markup} message=${message} places=${places} />`;
}

/**
 * Rendered text in which cards stand: each is drawn into the box that the text has for it.
 * @param {{ markup: string, message: import("../types.js").Message, places: import("../models/shown_reply.js").CardPlace[] }} props
 */
function ProseWithCards({ markup, message, places }) {
  const app = useApp();
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const boxes = useRef(/** @type {Element[]} */ ([]));
  useLayoutEffect(() => {
    boxes.current = [.../** @type {HTMLElement} */ (element.current).querySelectorAll(".card-place")];
    return () => {
      for (const box of boxes.current) render(null, box);
    };
  }, []);
  useLayoutEffect(() => {
    boxes.current.forEach((box, at) => {
      const cards = html`<${CardsInPlace} message=${message} place=${places[at]} />`;
      render(html`<${AppContext.Provider} value=${app}>${cards}</${AppContext.Provider}>`, box);
    });
  });
  return html`<${Rendered} markup=${markup} element=${element} />`;
}

/**
 * A reply that is being written. While not a word has come, what goes on is said in its place.
 * @param {{ reply: import("../models/reply_text.js").ReplyText, progress?: import("../models/reply_progress.js").ReplyProgress,
 *   onStop?: () => Promise<unknown> }} props
 */
export function GrowingProse({ reply, progress, onStop }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const [coming, setComing] = useState(0);
  const [isEmpty, setEmpty] = useState(reply.text === "");
  useLayoutEffect(() => {
    const growing = new GrowingMarkdown(/** @type {HTMLElement} */ (element.current), outlineIn);
    const show = () => {
      const { text, places } = layOut(reply.parts);
      growing.show(text, places);
      setComing(places.reduce((sum, { outlines }) => sum + outlines.length, 0));
      setEmpty(reply.offset === 0);
    };
    show();
    return reply.listen(show);
  }, [reply]);
  return html`${isEmpty && progress && html`<${WhileEmpty} progress=${progress} onStop=${onStop} />`}
    <div class="prose reply--live" hidden=${isEmpty && progress !== undefined} ref=${element} onClick=${follow} onAuxClick=${follow}></div>
    <p class="sr-only" role="status">${coming > 0 && words.coming(coming)}</p>`;
}

const outlined = /** @type {WeakMap<Element, unknown>} */ (new WeakMap());

/** Holds the room of the cards that will come. @param {HTMLElement} box @param {import("../models/shown_reply.js").CardPlace} place */
function outlineIn(box, { outlines }) {
  const [newest = null] = outlines.slice(-1);
  if (outlined.get(box) === newest) return;
  outlined.set(box, newest);
  render(html`<${CardOutlines} outlines=${outlines} />`, box);
}

/**
 * Where the model thinks, the fold above says so.
 * @param {{ progress: import("../models/reply_progress.js").ReplyProgress, onStop?: () => Promise<unknown> }} props
 */
function WhileEmpty({ progress, onStop }) {
  const name = progress.phase.value?.name;
  const isTold = name !== "waiting" && (name === "thinking" || progress.thinking.value !== "");
  return isTold ? null : html`<${PhaseLine} progress=${progress} onStop=${onStop} />`;
}
