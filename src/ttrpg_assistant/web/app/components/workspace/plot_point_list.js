import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { KINDS, pathOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { CanonSteps } from "../campaign/canon_steps.js";
import { GmOnlySign } from "../campaign/gm_only.js";
import { addEvent } from "./events.js";
import { SideList } from "./side_list.js";
import { table as t } from "../../words/en/table.js";

/** What is prepared first, then ideas, then what has happened. */
const ORDER = ["prepped", "idea", "happened", "retconned"];

/** The plot points in the side panel; one press changes the status of one. @param {{ campaignId: string, gameSession: any }} props */
export function PlotPointList({ campaignId, gameSession }) {
  const [closed, setClosed] = useState(false);
  return html`<${SideList} kind=${KINDS.plot_point} campaignId=${campaignId} filter=${closed ? "" : "&is_open=true"} empty=${t.plotEmpty}
    order=${(/** @type {any} */ a, /** @type {any} */ b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status)}
    line=${(/** @type {any} */ point) => html`<${PlotPointItem} point=${point} gameSession=${gameSession} />`}>
    <label class="check check--small"><input type="checkbox" checked=${closed} onChange=${(/** @type {any} */ event) => setClosed(event.currentTarget.checked)} /> ${t.includeResolved}</label>
  </${SideList}>`;
}

/** @param {{ point: any, gameSession: any }} props */
function PlotPointItem({ point, gameSession }) {
  const app = useApp();
  const moved = (/** @type {string} */ step) => {
    if (step === "happened") addEvent(app, gameSession, "happened", point.title, KINDS.plot_point, point);
  };
  return html`<div class=${`point ${point.audience === "gm" ? "point--secret" : ""}`}>
    <p class="point__title"><a href=${pathOf(KINDS.plot_point, point)}>${point.title}</a> ${point.audience === "gm" && html`<${GmOnlySign} />`}</p>
    ${point.description && html`<p class="point__text">${point.description}</p>`}
    <${CanonSteps} kind=${KINDS.plot_point} entity=${point} gameSession=${gameSession} onMoved=${moved} />
  </div>`;
}
