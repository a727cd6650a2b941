import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { rollWords } from "../../models/table_rolls.js";
import { useApp } from "../../state/app.js";
import { rollOnTable } from "../../state/table/rolling_tables.js";
import { tableRolls as t } from "../../words/en/table_rolls.js";
import { Icon } from "../icon.js";

/**
 * Rolls on a random table, and shows what came of it and how.
 * @param {{ table: { id: string, campaign_id: string } }} props
 */
export function TableRoll({ table }) {
  const app = useApp();
  const [rolled, setRolled] = useState(/** @type {Awaited<ReturnType<typeof rollOnTable>> | null} */ (null));
  const [busy, setBusy] = useState(false);
  const cast = async () => {
    setBusy(true);
    setRolled(await rollOnTable(app, table));
    setBusy(false);
  };
  return html`<section class="table-roll" aria-label=${t.title}>
    <button type="button" class="button button--accent" disabled=${busy} onClick=${cast}>
      <${Icon} name="dices" /> ${rolled ? t.again : t.roll}</button>
    ${rolled?.fault && html`<p role="alert">${rolled.fault}</p>`}
    ${
      rolled?.result &&
      html`<div class="table-roll__result">
      <p class="table-roll__text">${rolled.result.text}</p>
      <p class="quiet">${rolled.result.rolls.map(rollWords).join(" · ")}${rolled.keptIn !== null && ` · ${t.kept(rolled.keptIn)}`}</p>
    </div>`
    }
  </section>`;
}
