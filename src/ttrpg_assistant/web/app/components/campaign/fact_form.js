import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { AUDIENCES, chosenSpread, factClashes, kindsListed, namedGroups, spreadOf } from "../../models/fact_edit.js";
import { STEPS } from "../../models/canon.js";
import { apiOfAll, KINDS, listedOn } from "../../state/campaign/campaign_kinds.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { Conflict } from "./conflict.js";
import { campaign as t } from "../../words/en/campaign.js";
import { canon as canonWords } from "../../words/en/canon.js";
import { facts as words } from "../../words/en/facts.js";
import { controls } from "../../words/en/controls.js";

/** @typedef {import("../../models/fact_edit.js").Spread} Spread */

/** What the form names those of a kind. @type {Record<string, "npc_ids" | "character_ids">} */
const LISTS = { npc: "npc_ids", character: "character_ids" };

/**
 * A fact and who knows it.
 * @param {{ fact: any, campaignId: string, onClose: () => void, onSaved: () => void }} props
 */
export function FactForm({ fact, campaignId, onClose, onSaved }) {
  const { api } = useApp();
  const { value: listed } = useFetched(
    async (signal) => {
      const all = Object.keys(LISTS).map(async (kind) => {
        const page = await api.get(`${apiOfAll(KINDS[kind], campaignId)}?limit=500`, { signal });
        return [kind, listedOn(KINDS[kind], page)];
      });
      return Object.fromEntries(await Promise.all(all));
    },
    [campaignId],
  );
  const read = spreadOf(fact);
  const [text, setText] = useState(read.text);
  const [audience, setAudience] = useState(read.audience);
  const [named, setNamed] = useState({ npc_ids: new Set(read.npc_ids), character_ids: new Set(read.character_ids) });
  const [canon, setCanon] = useState(read.canon);
  const [isFalse, setFalse] = useState(read.is_false);
  const [groups, setGroups] = useState(read.groups.join("\n"));
  const [wrong, setWrong] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));
  const listedOf = (/** @type {string} */ kind) => /** @type {any[]} */ (listed?.[kind] ?? []);

  /** @type {(mine: Spread, revision: number, base: Spread) => Promise<void>} `base` is what `revision` said */
  const send = async (mine, revision, base) => {
    setWrong("");
    try {
      await api.patch(`/api/facts/${fact.id}`, { revision, changes: mine });
      toast(controls.saved);
      onSaved();
      onClose();
    } catch (error) {
      const fault = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!fault.detail) throw error;
      if (fault.code !== "stale_revision") return setWrong(fault.detail);
      const { theirs: stored, revision: now } = /** @type {any} */ (fault.facts);
      const theirs = spreadOf(stored);
      const clashes = factClashes({ mine, theirs, base });
      if (clashes.length === 0) return send(mine, now, theirs);
      setClash({ clashes, mine, theirs, stored, revision: now });
    }
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    const kinds = kindsListed(audience);
    const of = (/** @type {string} */ kind) => (kinds.includes(kind) ? [...named[LISTS[kind]]] : []);
    const known = kinds.length > 0 ? namedGroups(groups.split("\n")) : [];
    const mine = { npc_ids: of("npc"), character_ids: of("character"), groups: known };
    send({ text: text.trim(), audience, canon, is_false: isFalse, ...mine }, fact.revision, read);
  };
  const toggle = (/** @type {string} */ kind, /** @type {string} */ id) => {
    const next = new Set(named[LISTS[kind]]);
    if (!next.delete(id)) next.add(id);
    setNamed({ ...named, [LISTS[kind]]: next });
  };
  const trouble = wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`;
  if (clash) {
    // One that knows it may be archived by now, and so be missing among those listed.
    const known = /** @type {Map<string, [string, string, string]>} */ (new Map());
    for (const each of [...fact.listeners, ...clash.stored.listeners]) {
      if (each.npc_id) known.set(each.npc_id, ["npc", each.npc_id, each.npc_name]);
      if (each.character_id) known.set(each.character_id, ["character", each.character_id, each.character_name]);
    }
    for (const kind of Object.keys(LISTS)) for (const { id, name } of listedOf(kind)) known.set(id, [kind, id, name]);
    const things = [...known.values()];
    const choices = { things, names: Object.fromEntries(things.map(([, id, name]) => [id, name])) };
    return html`<${Dialog} title=${t.factWithListeners} kind="sheet" onClose=${onClose}>
      <${Conflict} key=${clash.revision} clashes=${clash.clashes} choices=${choices} onBack=${() => setClash(null)}
        onDecide=${(/** @type {any} */ chosen) => send({ ...clash.mine, ...chosenSpread(chosen) }, clash.revision, clash.theirs)} />
      ${trouble}</${Dialog}>`;
  }
  return html`<${Dialog} title=${t.factWithListeners} kind="sheet" onClose=${onClose}>
    <form class="entity-form" onSubmit=${save}>
      <div class="field-group"><label for="fact-text">${t.fact}</label>
        <textarea id="fact-text" class="field field--prose" rows="3" value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea></div>
      <div class="field-group"><label for="fact-audience">${t.whoKnows}</label>
        <select id="fact-audience" class="field" onChange=${(/** @type {any} */ event) => setAudience(event.currentTarget.value)}>
          ${AUDIENCES.map(([each, words]) => html`<option value=${each} selected=${each === audience}>${words}</option>`)}</select></div>
      ${
        kindsListed(audience).length > 0 &&
        html`${kindsListed(audience).map(
          (kind) => html`<fieldset class="field-group" key=${kind}><legend>${KINDS[kind].titles}</legend>
          ${listedOf(kind).length === 0 && html`<p class="quiet">${words.noneOfKind(KINDS[kind].plural)}</p>`}
          <div class="ticks">${listedOf(kind).map(({ id, name }) => html`<label class="check check--small" key=${id}><input type="checkbox" checked=${named[LISTS[kind]].has(id)} onChange=${() => toggle(kind, id)} /> ${name}</label>`)}</div></fieldset>`,
        )}
        <div class="field-group"><label for="fact-groups">${t.factGroups}</label>
          <textarea id="fact-groups" class="field field--prose" rows="2" placeholder=${t.onePerLine} value=${groups} onInput=${(/** @type {any} */ event) => setGroups(event.currentTarget.value)}></textarea></div>`
      }
      <div class="field-group"><label for="fact-canon">${canonWords.canon}</label>
        <select id="fact-canon" class="field" onChange=${(/** @type {any} */ event) => setCanon(event.currentTarget.value)}>
          ${STEPS.map(([step, named]) => html`<option key=${step} value=${step} selected=${step === canon}>${named}</option>`)}</select></div>
      <label class="check"><input type="checkbox" checked=${isFalse} onChange=${(/** @type {any} */ event) => setFalse(event.currentTarget.checked)} /> ${words.isFalse}</label>
      <footer class="entity-form__foot">
        ${trouble}
        <div class="button-row button-row--end"><button type="button" class="button" onClick=${onClose}>${controls.cancel}</button>
          <button type="submit" class="button button--accent" disabled=${text.trim() === ""}>${controls.save}</button></div>
      </footer>
    </form></${Dialog}>`;
}
