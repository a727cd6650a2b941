import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { clashesOf } from "../../models/entity_edit.js";
import { usePulled } from "../../state/campaign_pull.js";
import { useDesk } from "../../state/desk.js";
import { toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { Conflict } from "./conflict.js";

/** Who may know a fact. @type {[string, string][]} */
const AUDIENCES = [["gm", "Only the GM"], ["npcs", "These NPCs and groups"], ["public", "Everyone"]];

/** @type {import("../../state/campaign_kinds.js").Field[]} */
const FIELDS = [
  { name: "text", label: "What is true", as: "prose" },
  { name: "audience", label: "Who knows it", as: "choice", options: [...AUDIENCES, ["group", "These groups"]] },
  { name: "groups", label: "Groups", as: "lines" },
];

/**
 * A fact and who knows it.
 * @param {{ fact: any, campaignId: string, onClose: () => void, onSaved: () => void }} props
 */
export function FactForm({ fact, campaignId, onClose, onSaved }) {
  const { api } = useDesk();
  const { value } = usePulled((signal) => api.get(`/api/campaigns/${campaignId}/npcs?limit=500`, { signal }), [campaignId]);
  const [text, setText] = useState(fact.text);
  const [audience, setAudience] = useState(fact.audience === "group" ? "npcs" : fact.audience);
  const [told, setTold] = useState(() => new Set(fact.listeners.map((/** @type {any} */ each) => each.npc_id).filter(Boolean)));
  const [groups, setGroups] = useState(fact.listeners.map((/** @type {any} */ each) => each.group_name).filter(Boolean).join("\n"));
  const [wrong, setWrong] = useState("");
  const [clash, setClash] = useState(/** @type {any} */ (null));
  /** @type {any[]} */
  const npcs = value?.npcs ?? [];

  const send = async (/** @type {Record<string, any>} */ changes, /** @type {number} */ revision) => {
    try {
      await api.patch(`/api/facts/${fact.id}`, { revision, changes });
      toast("Saved.");
      onSaved();
      onClose();
    } catch (error) {
      const fault = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!fault.detail) throw error;
      if (fault.code !== "stale_revision") return setWrong(fault.detail);
      const { mine, theirs, base, revision: now } = /** @type {any} */ (fault.facts);
      const clashes = clashesOf(FIELDS, { mine, theirs, base: base ?? {} });
      if (clashes.length === 0) return send(mine, now);
      setClash({ clashes, mine, revision: now });
    }
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    const named = groups.split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean);
    const listened = audience === "npcs" ? { npc_ids: [...told], groups: named } : { npc_ids: [], groups: [] };
    send({ text: text.trim(), audience, ...listened }, fact.revision);
  };
  const toggle = (/** @type {string} */ id) => {
    const next = new Set(told);
    if (!next.delete(id)) next.add(id);
    setTold(next);
  };
  if (clash) {
    return html`<${Dialog} title="A fact" kind="sheet" onClose=${onClose}>
      <${Conflict} clashes=${clash.clashes} choices=${{ places: [], evenings: [], things: [] }} onBack=${() => setClash(null)}
        onDecide=${(/** @type {any} */ chosen) => send({ ...clash.mine, ...chosen }, clash.revision)} /></${Dialog}>`;
  }
  return html`<${Dialog} title="A fact, and who knows it" kind="sheet" onClose=${onClose}>
    <form class="entity-form" onSubmit=${save}>
      <div class="field-group"><label for="fact-text">What is true</label>
        <textarea id="fact-text" class="field field--prose" rows="3" value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea></div>
      <div class="field-group"><label for="fact-audience">Who knows it</label>
        <select id="fact-audience" class="field" onChange=${(/** @type {any} */ event) => setAudience(event.currentTarget.value)}>
          ${AUDIENCES.map(([each, words]) => html`<option value=${each} selected=${each === audience}>${words}</option>`)}</select></div>
      ${audience === "npcs" && html`<fieldset class="field-group"><legend>NPCs</legend>
          <div class="ticks">${npcs.map((npc) => html`<label class="check check--small" key=${npc.id}><input type="checkbox" checked=${told.has(npc.id)} onChange=${() => toggle(npc.id)} /> ${npc.name}</label>`)}</div></fieldset>
        <div class="field-group"><label for="fact-groups">Groups</label>
          <textarea id="fact-groups" class="field field--prose" rows="2" placeholder="One a line" value=${groups} onInput=${(/** @type {any} */ event) => setGroups(event.currentTarget.value)}></textarea></div>`}
      <footer class="entity-form__foot">
        ${wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`}
        <div class="button-row button-row--end"><button type="button" class="button" onClick=${onClose}>Cancel</button>
          <button type="submit" class="button button--accent" disabled=${text.trim() === ""}>Save</button></div>
      </footer>
    </form></${Dialog}>`;
}
