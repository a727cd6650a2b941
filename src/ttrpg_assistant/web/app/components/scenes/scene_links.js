import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { sceneTitle } from "../../models/scene_turns.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { scenes as t } from "../../words/en/scenes.js";
import { controls } from "../../words/en/controls.js";
import { counts } from "../../words/en/counts.js";

/** So many are shown before the others are asked for. */
const FEW = 3;

/** Where a scene is shown. @param {string} campaignId @param {string} id */
export function sceneAddress(campaignId, id) {
  return `/session/${campaignId}?scene=${id}`;
}

/** @param {string} campaignId */
function useScenes(campaignId) {
  const { api } = useApp();
  return useFetched(
    async (signal) => /** @type {any[]} */ ((await api.get(`/api/campaigns/${campaignId}/scenes`, { signal })).scenes),
    [campaignId],
    (hint) => ofCampaign(campaignId)(hint) || (hint.event === "conversation" && hint.kind === "npc"),
  ).value;
}

/**
 * The scenes there are, the latest first; nothing when there are none.
 * @param {{ campaignId: string, title?: string, onOpen?: (id: string) => void }} props
 */
export function SceneLinks({ campaignId, title, onOpen }) {
  const [all, setAll] = useState(false);
  const scenes = useScenes(campaignId);
  if (!scenes || scenes.length === 0) return null;
  const shown = all ? scenes : scenes.slice(0, FEW);
  const follow = (/** @type {MouseEvent} */ event, /** @type {string} */ id) => {
    if (!onOpen || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onOpen(id);
  };
  return html`<div class="purpose">
    ${title && html`<header class="section__title"><h2>${title}</h2><span class="parts__count">${scenes.length}</span></header>`}
    <ul class="past">${shown.map(
      (
        scene,
      ) => html`<li key=${scene.id}><a class="past__item" href=${sceneAddress(campaignId, scene.id)} onClick=${(/** @type {any} */ event) => follow(event, scene.id)}>
      <span class="past__title">${sceneTitle(scene)}</span><span class="past__facts">${factsOf(scene)}</span></a></li>`,
    )}</ul>
    ${scenes.length > shown.length && html`<button type="button" class="link-button" onClick=${() => setAll(true)}>${t.showAll(scenes.length)}</button>`}
  </div>`;
}

/** @param {any} scene */
function factsOf(scene) {
  const who = scene.title ? `${scene.members.map((/** @type {any} */ each) => each.name).join(", ")} · ` : "";
  const count = counts.messages(scene.message_count);
  const moment = new Date(scene.last_message_at ?? scene.created_at);
  const when = dayInSentence(moment);
  const unread = scene.unread_count ? ` · ${controls.unreadCount(scene.unread_count)}` : "";
  return who + t.when(count, when, clock(moment)) + unread;
}
