import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { AUDIENCES, chosenSpread, factClashes, namedGroups, spreadOf } from "../../models/fact_edit.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { Conflict } from "./conflict.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/** @typedef {import("../../models/fact_edit.js").Spread} Spread */

/**
 * A fact and who knows it.
 * @param {{ fact: any, campaignId: string, onClose: () => void, onSaved: () => void }} props
 */
export function FactForm({ fact, campaignId, onClose, onSaved }) {
  const { api } = useApp();
  const { value } = useFetched(
    (signal) => api.get(`/api/campaigns/${campaignId}/npcs?limit=500`, { signal }),
    [campaignId],
  );
  const read = spreadOf(fact);
  const [text, setText] = useState(read.text);
  const [audience, setAudience] = useState(read.audience);
  const [listeners, setListeners] = useState(() => new Set(read.npc_ids));
  const [groups, setGroups] = useState(read.groups.join("\n"));
  const [wrong, setWrong] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));
  /** @type {any[]} */
  const npcs = value?.npcs ?? [];

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
    const audienceNames =
      audience === "npcs"
        ? { npc_ids: [...listeners], groups: namedGroups(groups.split("\n")) }
        : { npc_ids: [], groups: [] };
    send({ text: text.trim(), audience, ...audienceNames }, fact.revision, read);
  };
  const toggle = (/** @type {string} */ id) => {
    const next = new Set(listeners);
    if (!next.delete(id)) next.add(id);
    setListeners(next);
  };
  const trouble = wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`;
  if (clash) {
    // An NPC that knows it may be archived by now, and so be missing among the NPCs.
    const named = /** @type {Map<string, string>} */ (new Map());
    for (const each of [...fact.listeners, ...clash.stored.listeners])
      if (each.npc_id) named.set(each.npc_id, each.npc_name);
    for (const npc of npcs) named.set(npc.id, npc.name);
    const things = [...named].map(([id, name]) => /** @type {[string, string, string]} */ (["npc", id, name]));
    const choices = { things, names: Object.fromEntries(named) };
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
        audience === "npcs" &&
        html`<fieldset class="field-group"><legend>${KINDS.npc.titles}</legend>
          <div class="ticks">${npcs.map((npc) => html`<label class="check check--small" key=${npc.id}><input type="checkbox" checked=${listeners.has(npc.id)} onChange=${() => toggle(npc.id)} /> ${npc.name}</label>`)}</div></fieldset>
        <div class="field-group"><label for="fact-groups">${t.factGroups}</label>
          <textarea id="fact-groups" class="field field--prose" rows="2" placeholder=${t.onePerLine} value=${groups} onInput=${(/** @type {any} */ event) => setGroups(event.currentTarget.value)}></textarea></div>`
      }
      <footer class="entity-form__foot">
        ${trouble}
        <div class="button-row button-row--end"><button type="button" class="button" onClick=${onClose}>${controls.cancel}</button>
          <button type="submit" class="button button--accent" disabled=${text.trim() === ""}>${controls.save}</button></div>
      </footer>
    </form></${Dialog}>`;
}
