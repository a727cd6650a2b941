import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { fold } from "../../models/folding.js";
import { FEWEST, MOST, inWords } from "../../models/scene_turns.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { Monogram } from "../monogram.js";
import { SceneLinks } from "./scene_links.js";
import { scenes as t } from "../../words/en/scenes.js";
import { controls } from "../../words/en/controls.js";

/** Above so many, an NPC is found by name. */
const MANY = 10;

/**
 * Who takes part in a new scene. Those who are in the scene at the table come first and are chosen.
 * @param {{ campaignId: string, onMade: (id: string) => void, onClose: () => void }} props
 */
export function NewScene({ campaignId, onMade, onClose }) {
  const app = useApp();
  const [chosen, setChosen] = useState(/** @type {string[] | null} */ (null));
  const [title, setTitle] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { value, fault, pull } = useFetched(
    (signal) => app.api.get(`/api/campaigns/${campaignId}/npcs?limit=500`, { signal }),
    [campaignId],
  );
  /** @type {any[]} */
  const npcs = [...(value?.npcs ?? [])].sort((a, b) => Number(b.is_present) - Number(a.is_present));
  useEffect(() => {
    if (value && chosen === null)
      setChosen(
        npcs
          .filter((npc) => npc.is_present)
          .slice(0, MOST)
          .map(({ id }) => id),
      );
  }, [value]);
  const picked = chosen ?? [];
  const shown = npcs.filter(
    ({ id, name, role }) => picked.includes(id) || fold(`${name} ${role}`).includes(fold(typed.trim())),
  );
  const toggle = (/** @type {string} */ id) =>
    setChosen(picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id]);
  const enough = picked.length >= FEWEST && picked.length <= MOST;
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!enough || busy) return;
    setBusy(true);
    const made = await attempt(() =>
      app.api.post("/api/scenes", { npc_ids: picked, ...(title.trim() && { title: title.trim() }) }),
    );
    setBusy(false);
    if (made) onMade(made.id);
  };
  const nameOf = (/** @type {string} */ id) => npcs.find((npc) => npc.id === id)?.name ?? "";
  return html`<${Dialog} title=${t.whoIsIn} kind="sheet" onClose=${onClose}>
    <form class="new-scene" onSubmit=${begin}>
      ${fault && !value && html`<p role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
      ${value && npcs.length < FEWEST && html`<p class="quiet">${t.needsTwo} <a href=${`/campaigns/${campaignId}?part=npcs`}>${t.npcs}</a></p>`}
      ${
        npcs.length > MANY &&
        html`<label class="search search--small"><${Icon} name="search" /><span class="sr-only">${t.findNpc}</span>
        <input type="search" class="search__text" placeholder=${t.findNpc} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>`
      }
      <ul class="cast" aria-label=${t.npcs}>
        ${shown.map((npc) => {
          const place = picked.indexOf(npc.id);
          return html`<li key=${npc.id}><label class=${`cast__one ${place >= 0 ? "cast__one--chosen" : ""}`}>
            <input type="checkbox" checked=${place >= 0} disabled=${place < 0 && picked.length >= MOST} onChange=${() => toggle(npc.id)} />
            ${place >= 0 ? html`<${Monogram} name=${npc.name} place=${place} />` : html`<span class="monogram monogram--none" aria-hidden="true"></span>`}
            <span class="cast__name">${npc.name}</span><span class="cast__role">${npc.role}</span>
            ${npc.is_present && html`<span class="chip chip--known"><${Icon} name="map-pin" /> ${t.inScene}</span>`}</label></li>`;
        })}
      </ul>
      <div class="field-group"><label for="scene-title">${t.title}</label>
        <input id="scene-title" class="field" maxlength="200" placeholder=${inWords(picked.map(nameOf)) || t.titleHint} value=${title}
          onInput=${(/** @type {any} */ event) => setTitle(event.currentTarget.value)} /></div>
      <footer class="new-scene__foot">
        <p class="quiet" role="status">${enough ? t.order(inWords(picked.map(nameOf))) : t.chooseNpcs}</p>
        <div class="button-row button-row--end"><button type="button" class="button" onClick=${onClose}>${controls.cancel}</button>
          <button type="submit" class="button button--accent" disabled=${!enough || busy}>${t.start}</button></div>
      </footer>
    </form>
    <${SceneLinks} campaignId=${campaignId} title=${t.earlier} onOpen=${onMade} />
  </${Dialog}>`;
}
