import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { Icon } from "../icon.js";
import { NewScene } from "./new_scene.js";
import { SceneLinks, sceneAddress } from "./scene_links.js";

/** A campaign's scenes among its NPCs, and the way to a new one. @param {{ campaignId: string }} props */
export function SceneList({ campaignId }) {
  const [making, setMaking] = useState(false);
  const open = (/** @type {string} */ id) => navigate(sceneAddress(campaignId, id));
  return html`<section class="scene-list" aria-label="Scenes">
    <header class="section__title"><h2>Scenes</h2>
      <button type="button" class="button button--small" onClick=${() => setMaking(true)}><${Icon} name="theater" /> New scene</button></header>
    <p class="quiet">Two to five NPCs in one talk. Each answers from what they know, and hears what the others say.</p>
    <${SceneLinks} campaignId=${campaignId} />
    ${making && html`<${NewScene} campaignId=${campaignId} onMade=${open} onClose=${() => setMaking(false)} />`}
  </section>`;
}
