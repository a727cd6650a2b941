import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { Icon } from "../icon.js";
import { NewScene } from "./new_scene.js";
import { SceneLinks, sceneAddress } from "./scene_links.js";
import { scenes as t } from "../../words/en/scenes.js";

/** A campaign's scenes among its NPCs, and a button that makes a new one. @param {{ campaignId: string }} props */
export function SceneList({ campaignId }) {
  const [making, setMaking] = useState(false);
  const open = (/** @type {string} */ id) => navigate(sceneAddress(campaignId, id));
  return html`<section class="scene-list" aria-label=${t.scenes}>
    <header class="section__title"><h2>${t.scenes}</h2>
      <button type="button" class="button button--small" onClick=${() => setMaking(true)}><${Icon} name="theater" /> ${t.newScene}</button></header>
    <p class="quiet">${t.intro}</p>
    <${SceneLinks} campaignId=${campaignId} />
    ${making && html`<${NewScene} campaignId=${campaignId} onMade=${open} onClose=${() => setMaking(false)} />`}
  </section>`;
}
