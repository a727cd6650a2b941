import { html } from "../../html.js";
import { LINES, markOf } from "../../models/graph_marks.js";
import { INSIDE } from "../../state/campaign/campaign_kinds.js";
import { GmOnlySign } from "../campaign/gm_only.js";
import { relationGraph as t } from "../../words/en/relation_graph.js";

/** The shape and colour of a kind. @param {{ of: import("../../models/graph_marks.js").Mark }} props */
export function Mark({ of: { outline, colour } }) {
  return html`<svg class=${`graph-mark graph-ink--kind-${colour}`} viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true"><path d=${outline} fill="currentColor" /></svg>`;
}

/**
 * Which kinds are shown: what each looks like, and how many there are.
 * @param {{ counts: Map<string, number>, hidden: Set<string>, onChange: (hidden: Set<string>) => void }} props
 */
export function KindChoice({ counts, hidden, onChange }) {
  const toggle = (/** @type {string} */ name) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  return html`<fieldset class="graph-kinds"><legend>${t.kinds}</legend>
    ${INSIDE.filter(({ name }) => counts.has(name)).map(
      ({ name, titles }) => html`<label class="check check--small" key=${name}>
        <input type="checkbox" checked=${!hidden.has(name)} onChange=${() => toggle(name)} />
        <${Mark} of=${markOf(name)} /> ${titles} <span class="parts__count">${counts.get(name)}</span></label>`,
    )}
  </fieldset>`;
}

/** What the lines mean. */
export function LineLegend() {
  return html`<details class="graph-legend"><summary>${t.legend}</summary>
    <ul>${LINES.map(
      ({ name, words, dash, width }) => html`<li key=${name}>
        <svg class=${`graph-line graph-ink--line-${name}`} viewBox="0 0 44 12" aria-hidden="true">
          <path d="M1 6H34" fill="none" stroke="currentColor" stroke-width=${width} stroke-dasharray=${dash.join(" ")} />
          <path d="M43 6L33 1.5V10.5Z" fill="currentColor" /></svg> ${words || t.noAttitude}</li>`,
    )}
    <li><svg class="graph-line graph-ink--secret" viewBox="0 0 44 12" aria-hidden="true">
      <path d="M1 6H43" stroke="currentColor" stroke-width="1" /><path d="M20 1V11M25 1V11" stroke="currentColor" stroke-width="2" /></svg> <${GmOnlySign} /></li>
    <li><svg class="graph-mark graph-ink--secret" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">
      <circle r="1.15" fill="none" stroke="currentColor" stroke-width=".25" stroke-dasharray=".4 .4" /></svg> ${t.gmOnlyThing}</li>
    </ul><p class="quiet">${t.arrow}</p></details>`;
}
