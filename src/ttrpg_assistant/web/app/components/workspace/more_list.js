import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { cardLine } from "../../models/card_words.js";
import { press } from "../../state/campaign/campaign_actions.js";
import { THINGS, nameOf } from "../../state/campaign/campaign_kinds.js";
import { recall, remember } from "../../state/campaign/campaign_last.js";
import { useApp } from "../../state/app.js";
import { knownNames, useChoices } from "../campaign/choices.js";
import { EntityFacts } from "../campaign/entity_facts.js";
import { EntitySheet } from "../campaign/entity_sheet.js";
import { StatChips, StatNumbers } from "../campaign/stat_numbers.js";
import { TableRoll } from "../campaign/table_roll.js";
import { Icon, IconButton } from "../icon.js";
import { Portrait } from "../pictures/portrait.js";
import { addEvent } from "./events.js";
import { PresentToggle, SideList } from "./side_list.js";
import { presentFirst } from "./npc_list.js";
import { table as t } from "../../words/en/table.js";

/** Numbers of a stat block in a line of the list. */
const FEW_STATS = 5;

/** The kinds of things that have no part of their own in the side panel. */
const OTHERS = THINGS.filter(({ path }) => !path);

/**
 * Every other kind of thing in the side panel: one kind at a time, each found, looked into and opened beside the talk.
 * @param {{ campaignId: string, gameSession: any }} props
 */
export function MoreList({ campaignId, gameSession }) {
  const [name, setName] = useState(() => recall("table.kind", OTHERS[0].name));
  const kind = OTHERS.find((each) => each.name === name) ?? OTHERS[0];
  const choose = (/** @type {string} */ next) => {
    setName(next);
    remember("table.kind", next);
  };
  return html`<div class="hand-kinds" role="group" aria-label=${t.kindsListed}>
      ${OTHERS.map(
        (
          each,
        ) => html`<button type="button" key=${each.name} class="hand-kinds__one" aria-pressed=${each === kind ? "true" : "false"}
          onClick=${() => choose(each.name)}><${Icon} name=${each.icon} /> ${each.titles}</button>`,
      )}
    </div>
    <${SideList} key=${kind.name} kind=${kind} campaignId=${campaignId} order=${presentFirst} empty=${kind.emptyList}
      line=${(/** @type {any} */ thing) => html`<${ThingItem} kind=${kind} thing=${thing} gameSession=${gameSession} />`} />`;
}

/** @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, thing: any, gameSession: any }} props */
function ThingItem({ kind, thing, gameSession }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(false);
  const name = nameOf(kind, thing);
  const line = cardLine(kind, thing);
  const toggle = async () => {
    const saved = await press(app, kind, thing, { is_present: !thing.is_present });
    if (saved) addEvent(app, gameSession, saved.is_present ? "enters" : "leaves", name, kind, thing);
  };
  return html`<div class="person">
    <div class="person__head">
      ${"is_present" in thing && html`<${PresentToggle} on=${thing.is_present} name=${name} words=${[t.inScene, t.notInScene]} onToggle=${toggle} />`}
      ${kind.pictured && html`<${Portrait} campaignId=${thing.campaign_id} thingId=${thing.id} name=${name} />`}
      <button type="button" class="person__name" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>
        <strong>${name}</strong>${line && html`<span>${line}</span>`}</button>
      <${IconButton} icon="book-open" label=${t.openOne(name)} onClick=${() => setShown(true)} />
    </div>
    ${!open && thing.numbers?.stats.length > 0 && html`<p class="card__marks"><${StatChips} numbers=${thing.numbers} most=${FEW_STATS} /></p>`}
    ${open && html`<div class="person__more person__more--wide"><${StatNumbers} numbers=${thing.numbers} campaignId=${thing.campaign_id} />${kind.rolledOn && html`<${TableRoll} table=${thing} />`}<${Peek} kind=${kind} thing=${thing} /></div>`}
    ${shown && html`<${EntitySheet} kind=${kind} id=${thing.id} campaignId=${thing.campaign_id} onClose=${() => setShown(false)} />`}
  </div>`;
}

/** What is written of it. What its fields refer to is asked for only now. @param {{ kind: any, thing: any }} props */
function Peek({ kind, thing }) {
  const choices = useChoices(thing.campaign_id, kind);
  return html`<${EntityFacts} kind=${kind} entity=${thing} known=${knownNames(choices)} skip=${["is_present", "tags"]} />`;
}
