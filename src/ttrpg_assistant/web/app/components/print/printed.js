import { html } from "../../html.js";
import { printedLines, printedThings } from "../../models/printable.js";
import { clock } from "../../models/play_days.js";
import { CLOSED, INSIDE, KINDS, THINGS, nameOf } from "../../state/campaign/campaign_kinds.js";
import { print as words } from "../../words/en/print.js";
import { PrintedFacts, PrintedFields, PrintedThing } from "./printed_thing.js";

/**
 * What is printed of an NPC, a game session and a whole campaign.
 *
 * @typedef {import("../../state/files/printing.js").ToPrint} ToPrint
 * @typedef {{ toPrint: ToPrint, withGmOnly: boolean }} Props
 */

/** @param {{ over: string, name: string, line?: string, children?: any }} props */
function Sheet({ over, name, line = "", children }) {
  return html`<article class="paper">
    <header class="paper__head"><p class="paper__over">${over}</p><h1>${name}</h1>${line && html`<p>${line}</p>`}</header>
    ${children}
  </article>`;
}

/** @param {{ title: string, children?: any }} props */
function Part({ title, children }) {
  return html`<section class="paper__part"><h2>${title}</h2>${children}</section>`;
}

/** @param {Props} props */
function PrintedNpc({ toPrint: { entity, campaign, lists, known }, withGmOnly }) {
  const facts = printedThings(
    lists.knowledge.map(({ fact }) => fact),
    withGmOnly,
  );
  return html`<${Sheet} over=${`${KINDS.npc.title} · ${campaign.name}`} name=${entity.name}>
    ${
      printedThings([entity], withGmOnly).length > 0
        ? html`<${PrintedFields} kind=${KINDS.npc} entity=${entity} known=${known} withGmOnly=${withGmOnly} />`
        : html`<p>${words.allLeftOut}</p>`
    }
    ${facts.length > 0 && html`<${Part} title=${words.knows}><${PrintedFacts} facts=${facts} withGmOnly=${withGmOnly} /></${Part}>`}
  </${Sheet}>`;
}

/** The things that say who knows of them. @param {Record<string, any[]>} lists */
function closedOf(lists) {
  return Object.fromEntries(CLOSED.map(({ name }) => [name, lists[name] ?? []]));
}

/** @param {Props} props */
function PrintedGameSession({ toPrint: { entity, campaign, lists, known }, withGmOnly }) {
  const day = entity.started_at && new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
  const lines = printedLines(lists.notes, lists.events, closedOf(lists), withGmOnly);
  return html`<${Sheet} over=${campaign.name} name=${nameOf(KINDS.game_session, entity)}
    line=${day ? words.playedOn(day.format(new Date(entity.started_at))) : words.notPlayed}>
    <${PrintedFields} kind=${KINDS.game_session} entity=${entity} known=${known} withGmOnly=${withGmOnly} />
    <${Part} title=${words.notes}>
      ${lines.length === 0 && html`<p>${words.noNotes}</p>`}
      <ol class="paper__log">${lines.map(
        ({ id, at, text, gmOnly }) => html`<li key=${id}><time datetime=${at}>${clock(new Date(at))}</time>
          <span>${text}${gmOnly && html` <span class="paper__who">${words.gmOnly}</span>`}</span></li>`,
      )}</ol>
    </${Part}>
  </${Sheet}>`;
}

/** @param {Props} props */
function PrintedCampaign({ toPrint: { entity, lists, known }, withGmOnly }) {
  const facts = printedThings(lists.facts, withGmOnly);
  const shown = { known, withGmOnly };
  return html`<${Sheet} over=${KINDS.campaign.title} name=${entity.name}>
    <${PrintedFields} kind=${KINDS.campaign} entity=${entity} ...${shown} />
    ${INSIDE.map(({ name, titles }) => {
      const things = printedThings(lists[name], withGmOnly);
      // The oldest game session first, as a story is read.
      if (name === "game_session") things.sort((/** @type {any} */ a, b) => a.session_number - b.session_number);
      return (
        things.length > 0 &&
        html`<${Part} key=${name} title=${titles}>
          ${things.map((each) => html`<${PrintedThing} key=${each.id} kind=${KINDS[name]} entity=${each} ...${shown} />`)}
        </${Part}>`
      );
    })}
    ${facts.length > 0 && html`<${Part} title=${words.facts}><${PrintedFacts} facts=${facts} withGmOnly=${withGmOnly} /></${Part}>`}
  </${Sheet}>`;
}

/** @param {import("../../state/campaign/campaign_kinds.js").Kind} kind */
function printedAs(kind) {
  return (/** @type {Props} */ { toPrint: { entity, campaign, known }, withGmOnly }) =>
    html`<${Sheet} over=${`${kind.title} · ${campaign.name}`} name=${nameOf(kind, entity)}>
      ${
        printedThings([entity], withGmOnly).length > 0
          ? html`<${PrintedFields} kind=${kind} entity=${entity} known=${known} withGmOnly=${withGmOnly} />`
          : html`<p>${words.allLeftOut}</p>`
      }
    </${Sheet}>`;
}

/** By kind. @type {Record<string, (props: Props) => any>} */
export const PRINTED = {
  ...Object.fromEntries(THINGS.map((kind) => [kind.name, printedAs(kind)])),
  npc: PrintedNpc,
  game_session: PrintedGameSession,
  campaign: PrintedCampaign,
};
