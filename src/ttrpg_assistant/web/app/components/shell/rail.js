import { useEffect } from "preact/hooks";
import { html } from "../../html.js";
import { path } from "../../router.js";
import { routes } from "../../routes.js";
import { keysOpen } from "./keys_dialog.js";
import { findLastCampaign, recall, remember } from "../../state/campaign/campaign_last.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { paletteOpen } from "../../state/palette/palette.js";
import { theme, toggleTheme } from "../../state/preferences.js";
import { Icon } from "../icon.js";
import { shell } from "../../words/en/shell.js";

/** @typedef {{ id: string, name: string, runs: boolean }} Table of a campaign */

const RUNNING = "running-table";

/**
 * The table that runs, else the one of the campaign looked at last. Until it is known, the one that
 * ran when this device last asked, so that nothing moves under the pointer.
 * @returns {Table | null}
 */
function useTable() {
  const { api } = useApp();
  const { value } = useFetched(
    (signal) => api.get("/api/running-game-sessions", { signal }),
    ["running"],
    ofCampaign(null),
  );
  const [first] = value?.game_sessions ?? [];
  const found = first ? { id: first.campaign_id, name: first.campaign_name } : null;
  const running = value ? found : recall(RUNNING, found);
  useEffect(() => {
    if (value) remember(RUNNING, found);
  }, [value]);
  if (running) return { ...running, runs: true };
  const last = findLastCampaign();
  return last && { ...last, runs: false };
}

/** @param {{ table: Table, at: string }} props */
function Table({ table: { id, name, runs }, at }) {
  const here = at.startsWith("/session/");
  const words = runs ? shell.tableRunning(name) : shell.tableOf(name);
  return html`<li><a class=${`rail__link ${runs ? "rail__link--runs" : ""}`} href=${`/session/${id}`} title=${words} aria-label=${runs ? shell.tableIsRunning : shell.table} aria-current=${here ? "page" : undefined}>
    <${Icon} name="swords" /><span>${shell.table}</span></a></li>`;
}

/** The way between screens: a rail at the side, a bar at the foot on a phone. */
export function Rail() {
  const at = path.value;
  const table = useTable();
  return html`<nav class="rail" aria-label=${shell.screens}>
    <a class="rail__brand" href="/" aria-label=${shell.start}><${Icon} name="flame" /></a>
    <ul class="rail__screens">
      ${routes.map((route) => {
        if (!route.rail) return null;
        const here = at === route.path || at.startsWith(`${route.path}/`);
        return html`<li><a class="rail__link" href=${route.path} aria-current=${here ? "page" : undefined}>
          <${Icon} name=${route.rail.icon} /><span>${route.rail.label}</span></a></li>
          ${route.path === "/chat" && table && html`<${Table} table=${table} at=${at} />`}`;
      })}
    </ul>
    <div class="rail__tools">
      <button type="button" class="rail__link" onClick=${() => (paletteOpen.value = true)} aria-keyshortcuts="Control+K"
        title=${shell.findTitle}><${Icon} name="command" /><span>${shell.findShort}</span></button>
      <button type="button" class="rail__link" onClick=${toggleTheme} title=${shell.themeTitle}>
        <${Icon} name=${theme.value === "vellum" ? "moon" : "sun"} /><span>${shell.theme}</span></button>
      <button type="button" class="rail__link rail__keys" onClick=${() => (keysOpen.value = true)} title=${shell.keysTitle}>
        <${Icon} name="keyboard" /><span>${shell.keysShort}</span></button>
    </div>
  </nav>`;
}
